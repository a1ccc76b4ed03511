// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import java.nio.ByteBuffer;

/** Stands between the engine and a sound transport; what a test overrides is broken. */
class BrokenTransport implements Transport {
    private final Transport sound;

    BrokenTransport(Transport sound) {
        this.sound = sound;
    }

    @Override
    public TransportConnection connect(ConnectRequest request, TransportListener listener) {
        return connection(sound.connect(request, listener(listener)));
    }

    /** What the sound transport calls. */
    TransportListener listener(TransportListener engine) {
        return new Listening(engine);
    }

    /** What the engine calls. */
    TransportConnection connection(TransportConnection real) {
        return real;
    }

    class Listening implements TransportListener {
        final TransportListener engine;

        Listening(TransportListener engine) {
            this.engine = engine;
        }

        @Override
        public void onOpen(TransportConnection opened) {
            engine.onOpen(connection(opened));
        }

        @Override
        public boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos) {
            return engine.onMessage(text, payload, receivedNanos);
        }

        @Override
        public void onPing(ByteBuffer payload, long receivedNanos) {
            engine.onPing(payload, receivedNanos);
        }

        @Override
        public void onPong(ByteBuffer payload, long receivedNanos) {
            engine.onPong(payload, receivedNanos);
        }

        @Override
        public void onFailed(ConnectFailure failure) {
            engine.onFailed(failure);
        }

        @Override
        public void onClosed(CloseInfo info) {
            engine.onClosed(info);
        }
    }

    static class Calling implements TransportConnection {
        final TransportConnection real;

        Calling(TransportConnection real) {
            this.real = real;
        }

        @Override
        public void demand() {
            real.demand();
        }

        @Override
        public void send(boolean text, ByteBuffer payload, SendCallback callback) {
            real.send(text, payload, callback);
        }

        @Override
        public void ping(ByteBuffer payload, SendCallback callback) {
            real.ping(payload, callback);
        }

        @Override
        public void close(int code, String reason) {
            real.close(code, reason);
        }

        @Override
        public void abort() {
            real.abort();
        }

        @Override
        public void afterReadPass(Runnable task) {
            real.afterReadPass(task);
        }
    }
}
