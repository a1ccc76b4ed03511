// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What the engine hears of one connection. All calls come one after another, on a thread of the transport that must not
 * be blocked. After {@link #onFailed} or {@link #onClosed}, and soon after {@link TransportConnection#abort()}, nothing
 * more comes; the engine drops what comes late all the same.
 *
 * <p>{@link #onOpen} and {@link #onClosed} may last as long as it takes to do what follows, such as the first sends or the begin of
 * the next attempt, without blocking: they are best called on a thread for which no other connection waits, and with no lock held.
 */
@ConsumerType
public interface TransportListener {
    /** The upgrade succeeded. Called before the first message. */
    void onOpen(TransportConnection connection);

    /**
     * One whole message, fragments put together.
     *
     * @param text whether it is a text message; its UTF-8 has been checked
     * @param payload the bytes from position to limit, valid until return, mostly backed by an array
     * @param receivedNanos {@code System.nanoTime()} when its last bytes were read
     * @return {@code false} to read nothing more until {@link TransportConnection#demand()}, so that back-pressure reaches
     *     TCP
     */
    boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos);

    /** A ping came and its pong is on its way. The payload is valid until return. */
    void onPing(ByteBuffer payload, long receivedNanos);

    /** A pong came. The payload is valid until return. */
    void onPong(ByteBuffer payload, long receivedNanos);

    /** The attempt failed; terminal. */
    void onFailed(ConnectFailure failure);

    /** An open connection ended; terminal. */
    void onClosed(CloseInfo info);
}
