// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** One connection of a model's network without faults of its own: what the server sends waits until the selector reads it. */
public final class ModelWire implements TransportConnection {
    /** Of every frame, and of the end. */
    public static final long LATENCY = Duration.ofMillis(5).toNanos();

    /** The server's end. */
    public interface Peer {
        void receive(String text);

        void pong(String payload);

        /** The client began the closing handshake. */
        void closed(int code);

        /** The client is gone without a word. */
        void aborted();
    }

    private final VirtualEnvironment environment;
    private final TransportListener listener;
    private final Executor selector;
    private final ArrayDeque<Runnable> kernel = new ArrayDeque<>();
    private Peer peer;
    private boolean over;
    private boolean held;
    private long brought;

    public ModelWire(VirtualEnvironment environment, TransportListener listener) {
        this.environment = environment;
        this.listener = listener;
        this.selector = environment.serial(Pool.SELECTOR);
    }

    /** Messages that were handed to the engine. */
    public long brought() {
        return brought;
    }

    // --- from the world

    public void fail(ConnectFailure failure) {
        selector.execute(() -> {
            if (!over) {
                over = true;
                listener.onFailed(failure);
            }
        });
    }

    public void open(Peer accepted) {
        peer = accepted;
        arrive(() -> listener.onOpen(this));
    }

    public void message(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        arrive(() -> {
            brought++;
            held = !listener.onMessage(true, ByteBuffer.wrap(bytes), environment.nanoTime());
        });
    }

    /** The transport answers by itself; the engine is shown the ping. */
    public void ping(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        arrive(() -> {
            environment.world(LATENCY, () -> peer.pong(payload));
            listener.onPing(ByteBuffer.wrap(bytes), environment.nanoTime());
        });
    }

    public void closed(CloseInfo info) {
        arrive(() -> {
            over = true;
            listener.onClosed(info);
        });
    }

    private void arrive(Runnable readable) {
        kernel.add(readable);
        selector.execute(this::read);
    }

    private void read() {
        while (!kernel.isEmpty() && !held && !over) {
            kernel.poll().run();
        }
    }

    // --- from the engine

    @Override
    public void demand() {
        selector.execute(() -> {
            held = false;
            read();
        });
    }

    @Override
    public void send(boolean text, ByteBuffer payload, SendCallback callback) {
        String sent = StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        selector.execute(() -> {
            if (over || peer == null) {
                callback.failed("over");
                return;
            }
            callback.sent();
            environment.world(LATENCY, () -> peer.receive(sent));
        });
    }

    @Override
    public void ping(ByteBuffer payload, SendCallback callback) {
        selector.execute(callback::sent);
    }

    @Override
    public void close(int code, String reason) {
        selector.execute(() -> environment.world(LATENCY, () -> {
            if (peer != null) {
                peer.closed(code);
            }
        }));
    }

    @Override
    public void abort() {
        over = true;
        environment.world(LATENCY, () -> {
            if (peer != null) {
                peer.aborted();
            }
        });
    }

    @Override
    public void afterReadPass(Runnable task) {
        selector.execute(() -> {
            read();
            if (!over) {
                task.run();
            }
        });
    }
}
