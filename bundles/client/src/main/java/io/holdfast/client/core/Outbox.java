// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the present input leads to, and which timers are armed. */
final class Outbox {
    /** Made when there are some, as the outputs: a ready client mostly has none. */
    private Map<TimerKind, Long> armed = Map.of();

    private List<Output> out = List.of();
    private long lastToken;

    void begin() {
        out = new ArrayList<>(4);
    }

    /** Ends what {@link #begin} began. */
    List<Output> take() {
        List<Output> taken = out;
        out = List.of();
        return taken;
    }

    void add(Output output) {
        out.add(output);
    }

    /** It came from a connection that does not count. */
    void stale(Input input) {
        boolean ofConnection = input instanceof Input.OfConnection
                && !(input instanceof Input.PermitGranted)
                && !(input instanceof Input.DataBegins)
                && !(input instanceof Input.Rotate);
        if (ofConnection) {
            out.add(new Output.Stale());
        }
        if (input instanceof Input.Opened late) {
            out.add(new Output.Abort(late.connection()));
        }
    }

    void arm(TimerKind kind, Duration delay) {
        lastToken++;
        if (armed.isEmpty()) {
            armed = new EnumMap<>(TimerKind.class);
        }
        armed.put(kind, lastToken);
        out.add(new Output.Arm(kind, lastToken, delay));
    }

    void disarm(TimerKind kind) {
        if (armed.containsKey(kind)) {
            armed.remove(kind);
            letGo();
            out.add(new Output.Disarm(kind));
        }
    }

    private void letGo() {
        if (armed.isEmpty()) {
            armed = Map.of();
        }
    }

    /** Whether that is the timer armed last; one that was disarmed or armed anew may still fire. */
    boolean fired(Input.TimerFired timer) {
        if (!Objects.equals(armed.get(timer.kind()), timer.token())) {
            return false;
        }
        armed.remove(timer.kind());
        letGo();
        return true;
    }

    void publish(Type type, long connection, Optional<Cause> cause, Duration delay, int attempt) {
        out.add(new Output.Publish(type, connection, cause, delay, attempt));
    }
}
