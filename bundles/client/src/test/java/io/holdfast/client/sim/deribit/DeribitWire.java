// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** One connection of the model's network: what the server sends waits until the selector reads it. */
final class DeribitWire implements TransportConnection {
    private final DeribitModel model;
    private final TransportListener listener;
    private final Executor selector;
    private final ArrayDeque<Runnable> kernel = new ArrayDeque<>();
    private DeribitPeer peer;
    private boolean over;
    private boolean held;

    /** Messages that were handed to the engine. */
    long brought;

    DeribitWire(DeribitModel model, TransportListener listener) {
        this.model = model;
        this.listener = listener;
        this.selector = model.environment.serial(Pool.SELECTOR);
    }

    // --- from the world

    void fail(ConnectFailure failure) {
        selector.execute(() -> {
            if (!over) {
                over = true;
                listener.onFailed(failure);
            }
        });
    }

    void open(DeribitPeer accepted) {
        peer = accepted;
        arrive(() -> listener.onOpen(this));
    }

    void message(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        arrive(() -> {
            brought++;
            held = !listener.onMessage(true, ByteBuffer.wrap(bytes), model.environment.nanoTime());
        });
    }

    void closed(CloseInfo info) {
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
            model.environment.world(DeribitModel.LATENCY, () -> peer.receive(sent));
        });
    }

    @Override
    public void ping(ByteBuffer payload, SendCallback callback) {
        selector.execute(callback::sent);
    }

    @Override
    public void close(int code, String reason) {
        selector.execute(() -> model.environment.world(
                DeribitModel.LATENCY, () -> model.end(peer, new CloseInfo(CloseInfo.Kind.HANDSHAKE, code, ""))));
    }

    @Override
    public void abort() {
        over = true;
        model.environment.world(DeribitModel.LATENCY, () -> {
            if (peer != null) {
                peer.gone();
                model.open.remove(peer);
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
