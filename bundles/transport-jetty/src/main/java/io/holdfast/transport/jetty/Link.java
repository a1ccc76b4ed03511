// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.nio.ByteBuffer;

/** An open connection, whichever engine reads its frames. Methods as in {@link TransportConnection}, on any thread. */
interface Link {
    /** Takes the end point over; everything else comes from it. */
    void open();

    void demand();

    void send(boolean text, ByteBuffer payload, SendCallback callback);

    void ping(ByteBuffer payload, SendCallback callback);

    void close(int code, String reason);

    void abort();

    /** Ends the connection and tells the listener on the caller's thread, as the transport's are about to end. */
    void stop();

    void afterReadPass(Runnable task);
}
