// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import java.nio.ByteBuffer;

/**
 * Passes calls on until it is told that there will be no more. Jetty keeps a closed connection until its selector has
 * other work, for hours if there is none; it must not keep the engine, its users and their class loaders by it.
 */
final class ReleasableListener implements TransportListener {
    /** Null once released. */
    private volatile TransportListener listener;

    ReleasableListener(TransportListener listener) {
        this.listener = listener;
    }

    void release() {
        listener = null;
    }

    @Override
    public void onOpen(TransportConnection connection) {
        TransportListener now = listener;
        if (now != null) {
            now.onOpen(connection);
        }
    }

    @Override
    public boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos) {
        TransportListener now = listener;
        return now == null || now.onMessage(text, payload, receivedNanos);
    }

    @Override
    public void onPing(ByteBuffer payload, long receivedNanos) {
        TransportListener now = listener;
        if (now != null) {
            now.onPing(payload, receivedNanos);
        }
    }

    @Override
    public void onPong(ByteBuffer payload, long receivedNanos) {
        TransportListener now = listener;
        if (now != null) {
            now.onPong(payload, receivedNanos);
        }
    }

    @Override
    public void onFailed(ConnectFailure failure) {
        TransportListener now = listener;
        if (now != null) {
            now.onFailed(failure);
        }
    }

    @Override
    public void onClosed(CloseInfo info) {
        TransportListener now = listener;
        if (now != null) {
            now.onClosed(info);
        }
    }
}
