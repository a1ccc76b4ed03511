// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the present input leads to, and which timers are armed. */
final class Outbox {
    private final Map<TimerKind, Long> armed = new EnumMap<>(TimerKind.class);
    private List<Output> out = new ArrayList<>();
    private long lastToken;

    void begin() {
        out = new ArrayList<>(4);
    }

    List<Output> outputs() {
        return out;
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
        armed.put(kind, lastToken);
        out.add(new Output.Arm(kind, lastToken, delay));
    }

    void disarm(TimerKind kind) {
        if (armed.remove(kind) != null) {
            out.add(new Output.Disarm(kind));
        }
    }

    /** Whether that is the timer armed last; one that was disarmed or armed anew may still fire. */
    boolean fired(Input.TimerFired timer) {
        return armed.remove(timer.kind(), timer.token());
    }

    void publish(Type type, long connection, Optional<Cause> cause, Duration delay, int attempt) {
        out.add(new Output.Publish(type, connection, cause, delay, attempt));
    }
}
