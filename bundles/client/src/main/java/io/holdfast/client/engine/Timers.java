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

    /** Made when there are some: a ready client mostly has none. */
    private Map<TimerKind, Cancellable> armed = Map.of();

    Timers(Environment environment, Consumer<Input> post) {
        this.environment = environment;
        this.post = post;
    }

    void arm(TimerKind kind, long token, Duration delay) {
        disarm(kind);
        if (armed.isEmpty()) {
            armed = new EnumMap<>(TimerKind.class);
        }
        armed.put(kind, environment.schedule(delay.toNanos(), () -> post.accept(new Input.TimerFired(kind, token))));
    }

    void disarm(TimerKind kind) {
        if (!armed.containsKey(kind)) {
            return;
        }
        armed.remove(kind).cancel();
        if (armed.isEmpty()) {
            armed = Map.of();
        }
    }

    void end() {
        armed.values().forEach(Cancellable::cancel);
        armed = Map.of();
    }
}
