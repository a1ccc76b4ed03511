// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import java.time.Duration;

/** The age at which the current connection is replaced. Confined as the machine is. */
final class Age {
    private final Outbox out;
    private final Chance chance;

    /** When the connection became ready, and which part of the jitter is its. */
    private long readyAt;

    private double share;

    Age(Outbox out, Chance chance) {
        this.out = out;
        this.chance = chance;
    }

    /** A connection has become ready. */
    void begins(RotationPolicy policy, long now) {
        readyAt = now;
        share = chance.random().nextDouble();
        arm(policy, now);
    }

    /** The options of a ready connection changed. */
    void changed(RotationPolicy before, RotationPolicy next, long now) {
        if (!before.after().equals(next.after()) || before.jitter() != next.jitter()) {
            arm(next, now);
        }
    }

    private void arm(RotationPolicy policy, long now) {
        if (policy.after().isZero()) {
            out.disarm(TimerKind.AGE);
            return;
        }
        long age = (long) (policy.after().toNanos() * (1 - policy.jitter() * share));
        out.arm(TimerKind.AGE, Duration.ofNanos(Math.max(0, age - (now - readyAt))));
    }

    /** Should the replacement that was begun be given up for another reason, the connection is no younger. */
    void reached(RotationPolicy policy) {
        out.arm(TimerKind.AGE, policy.after());
    }

    void ends() {
        out.disarm(TimerKind.AGE);
    }
}
