// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sees the frames of every client in both directions, for instance to record them. A service; in plain Java given to {@code
 * Holdfast}. It may come and go under living connections. Without one, nothing is done for it but one look per frame.
 *
 * <p>Called on the connection's thread for what came in and on the sender's for what goes out, for several clients at the same
 * time: it must neither block nor throw. One that throws is not called any more until it is registered again.
 */
@ConsumerType
public interface FrameObserver {
    /** What a frame is. The payload of {@code CLOSE} is the code in two bytes and the reason (RFC 6455, 5.5.1). */
    enum Kind {
        /** The upgrade succeeded; no frame, and without payload. */
        OPEN,
        /** A whole message, fragments put together. */
        TEXT,
        BINARY,
        PING,
        PONG,
        /** Inbound also for a connection that ended without a close frame, with code 1006. */
        CLOSE
    }

    /**
     * Where a frame was seen.
     *
     * @param client the client's id
     * @param incarnation the client's, as in {@link ClientMetrics#incarnation()}
     * @param connection number of the connection
     */
    record Origin(String client, long incarnation, long connection) {
        public Origin {
            Objects.requireNonNull(client);
        }
    }

    /**
     * One frame, before anything else is done with it.
     *
     * @param outbound handed to the transport, which writes in this order; whether it left is not known yet
     * @param payload from position to limit, valid until return; position and limit may be changed
     * @param secret the engine knows that the frame holds credentials; others may hold some, too
     * @param nanos {@code System.nanoTime()} when it was read or handed over
     */
    void frame(Origin origin, Kind kind, boolean outbound, ByteBuffer payload, boolean secret, long nanos);
}
