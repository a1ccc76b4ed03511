// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.client.core.Input;
import io.holdfast.client.core.TimerKind;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** The machine's timers, at most one of each kind. Confined to the mailbox. */
final class Timers {
    private final Environment environment;
    private final Consumer<Input> post;
    private final Map<TimerKind, Cancellable> armed = new EnumMap<>(TimerKind.class);

    Timers(Environment environment, Consumer<Input> post) {
        this.environment = environment;
        this.post = post;
    }

    void arm(TimerKind kind, long token, Duration delay) {
        disarm(kind);
        armed.put(kind, environment.schedule(delay.toNanos(), () -> post.accept(new Input.TimerFired(kind, token))));
    }

    void disarm(TimerKind kind) {
        Cancellable timer = armed.remove(kind);
        if (timer != null) {
            timer.cancel();
        }
    }

    void end() {
        armed.values().forEach(Cancellable::cancel);
        armed.clear();
    }
}
