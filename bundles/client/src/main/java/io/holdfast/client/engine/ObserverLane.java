// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.SerialLane;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Tells one observer, in order and on a lane of its own; one that hangs loses events beyond a bound, nobody else does. */
final class ObserverLane {
    /** Events, some 100 bytes each. Ten thousand clients that lose their connections in one moment make 50,000. */
    private static final int BOUND = 65_536;

    private final SerialLane lane;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Consumer<String> onFault;
    private volatile ConnectionListener listener;

    ObserverLane(ConnectionListener listener, Environment environment, Consumer<String> onFault) {
        this.listener = listener;
        this.onFault = onFault;
        this.lane = new SerialLane(environment.publishing(), t -> onFault.accept(Text.of(t)));
    }

    void post(ConnectionEvent event) {
        if (waiting.incrementAndGet() > BOUND) {
            waiting.decrementAndGet();
            onFault.accept(
                    "observer does not keep up; event " + event.number() + " of " + event.clientId() + " not told");
            return;
        }
        lane.execute(() -> {
            waiting.decrementAndGet();
            ConnectionListener l = listener;
            if (l != null) {
                l.onEvent(event);
            }
        });
    }

    void close() {
        listener = null;
    }
}
