// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/** One connection or attempt. Every method may be called from any thread, returns at once, and is void once it has ended. */
@ProviderType
public interface TransportConnection {
    /** Asks for messages again after {@link TransportListener#onMessage} returned {@code false}. */
    void demand();

    /**
     * Queues one message for writing. The buffer must not be changed until the callback; frames leave in the order of the
     * calls.
     */
    void send(boolean text, ByteBuffer payload, SendCallback callback);

    /** Sends a ping frame with up to 125 bytes of payload. */
    void ping(ByteBuffer payload, SendCallback callback);

    /**
     * Begins the closing handshake; {@link TransportListener#onClosed} follows when the peer answered. There is no time
     * limit here: the engine aborts when its own has passed. The answer comes in turn after the peer's messages, so it is
     * not seen while nothing is demanded. An attempt that is not open yet fails.
     *
     * @param code 1000 to 1014 without 1004 to 1006, or 3000 to 4999
     * @param reason at most 123 bytes of UTF-8
     */
    void close(int code, String reason);

    /** Ends the TCP connection or the attempt without any handshake. */
    void abort();

    /**
     * Runs the task on the transport's thread after one more pass over everything that was readable when this was called:
     * a silence that is still there afterwards is the peer's and not that of a paused process. While nothing is demanded
     * the task waits; it is dropped if the connection is not open or ends before.
     */
    void afterReadPass(Runnable task);

    /** Told once: the frame was handed to the operating system, or could not be. */
    interface SendCallback {
        /** Nobody waits for the result; a failed write ends the connection anyway. */
        SendCallback NONE = new SendCallback() {
            @Override
            public void sent() {}

            @Override
            public void failed(String reason) {}
        };

        void sent();

        void failed(String reason);
    }
}
