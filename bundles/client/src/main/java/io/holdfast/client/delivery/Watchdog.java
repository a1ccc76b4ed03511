// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.client.lanes.Environment.Cancellable;
import java.util.concurrent.TimeUnit;

/**
 * Notices a direct listener that does not return. It looks by a timer whether the same message is still with the listener,
 * so that nothing is measured per message; the timer rests when no messages come. Guarded by the {@link Turn}.
 */
final class Watchdog {
    static final long LIMIT = TimeUnit.SECONDS.toNanos(1);
    private static final long PERIOD = LIMIT / 2;

    private final Context context;
    private final Roster roster;
    private boolean armed;
    private boolean ended;
    private long seen;
    private Cancellable timer = Cancellable.NONE;

    Watchdog(Context context, Roster roster) {
        this.context = context;
        this.roster = roster;
    }

    /** With each message. */
    void arm() {
        if (!armed && !ended) {
            armed = true;
            schedule();
        }
    }

    private void schedule() {
        timer = context.environment().schedule(PERIOD, () -> context.turn().run(this::look));
    }

    void close() {
        ended = true;
        timer.cancel();
    }

    private void look() {
        if (ended) {
            return;
        }
        boolean busy = seen != context.last();
        seen = context.last();
        for (Lane lane : roster.lanes()) {
            busy |= lane.watch();
        }
        if (busy) {
            schedule();
        } else {
            armed = false;
            timer = Cancellable.NONE;
        }
    }
}
