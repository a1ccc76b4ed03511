// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.FrameObserver;
import io.holdfast.api.client.FrameObserver.Kind;
import io.holdfast.api.client.FrameObserver.Origin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who sees the frames of all clients; mostly nobody. Thread-safe. */
public final class FrameObservers {
    private final Logger logger = LoggerFactory.getLogger(FrameObservers.class);

    /** Null when there is none, so that the message path has one read and one branch. Replaced under this object's lock. */
    private volatile FrameObserver[] all;

    public synchronized void add(FrameObserver observer) {
        List<FrameObserver> next = all == null ? new ArrayList<>() : new ArrayList<>(List.of(all));
        next.add(observer);
        all = next.toArray(FrameObserver[]::new);
    }

    public synchronized void remove(FrameObserver observer) {
        if (all != null) {
            List<FrameObserver> next = new ArrayList<>(List.of(all));
            next.removeIf(o -> o == observer);
            all = next.isEmpty() ? null : next.toArray(FrameObserver[]::new);
        }
    }

    boolean watched() {
        return all != null;
    }

    void in(Origin origin, Kind kind, ByteBuffer payload, long nanos) {
        tell(origin, kind, false, payload, false, nanos);
    }

    void out(Origin origin, Kind kind, ByteBuffer payload, boolean secret, long nanos) {
        tell(origin, kind, true, payload, secret, nanos);
    }

    private void tell(Origin origin, Kind kind, boolean outbound, ByteBuffer payload, boolean secret, long nanos) {
        FrameObserver[] now = all;
        if (now == null) {
            return;
        }
        for (FrameObserver observer : now) {
            try {
                observer.frame(origin, kind, outbound, payload.asReadOnlyBuffer(), secret, nanos);
            } catch (Exception | LinkageError | StackOverflowError e) {
                remove(observer);
                logger.warn(
                        "Observer of frames {} is not called any more: {}",
                        observer.getClass().getName(),
                        Text.of(e));
            }
        }
    }
}
