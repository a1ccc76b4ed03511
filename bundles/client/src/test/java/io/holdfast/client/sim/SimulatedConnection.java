// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * One connection of the simulated transport. What the world sends lies in the kernel until the selector reads it, which a
 * paused process does not.
 */
final class SimulatedConnection implements TransportConnection {
    private static final long LATENCY = 2_000_000;

    /** What waits in the kernel: a message, ping, pong, or the end. */
    private sealed interface Readable {
        record Message(byte[] bytes) implements Readable {}

        record Ping(byte[] bytes) implements Readable {}

        record Pong(byte[] bytes) implements Readable {}

        record End(CloseInfo info) implements Readable {}
    }

    /** A write that the full buffers of the network hold up. */
    private record Stalled(Runnable arrival, SendCallback callback) {}

    private final VirtualEnvironment environment;
    private final SimulatedTransport transport;
    private final ConnectRequest request;
    private final TransportListener listener;
    private final Executor selector;
    private final ArrayDeque<Readable> kernel = new ArrayDeque<>();
    private final ArrayDeque<Stalled> stalled = new ArrayDeque<>();
    private SimulatedPeer peer;
    private boolean opened;
    private boolean terminal;
    private boolean aborted;
    private boolean held;
    private boolean reading;

    /** The engine's number, by the checker. */
    long number;

    private Cancellable connectLimit = () -> {};
    private Cancellable writeLimit = () -> {};

    SimulatedConnection(
            VirtualEnvironment environment,
            SimulatedTransport transport,
            ConnectRequest request,
            TransportListener listener) {
        this.environment = environment;
        this.transport = transport;
        this.request = request;
        this.listener = listener;
        this.selector = environment.serial(VirtualEnvironment.Pool.SELECTOR);
    }

    void begin(SimulatedServer server) {
        if (!transport.mute) {
            connectLimit = environment.schedule(
                    request.connectTotal().toNanos(),
                    () -> selector.execute(
                            () -> failed(ConnectFailure.of(ConnectFailure.Kind.TIMEOUT, "connect.total"))));
        }
        environment.world(LATENCY, () -> {
            if (!aborted && !transport.mute) {
                server.arrive(this);
            }
        });
    }

    boolean aborted() {
        return aborted;
    }

    /** Whether the process has no use for the connection any more. */
    boolean ended() {
        return aborted || terminal;
    }

    String clientId() {
        return request.uri().getPath().substring(1);
    }

    /** The server's side; null before it let the connection in. */
    SimulatedPeer peer() {
        return peer;
    }

    // --- from the world

    void openFromWorld(SimulatedPeer accepted) {
        peer = accepted;
        selector.execute(() -> {
            if (terminal || aborted && !transport.late()) {
                return;
            }
            opened = true;
            connectLimit.cancel();
            listener.onOpen(this);
            read();
        });
    }

    void failFromWorld(ConnectFailure failure) {
        selector.execute(() -> failed(failure));
    }

    private void failed(ConnectFailure failure) {
        connectLimit.cancel();
        if (opened || ended() && !transport.late()) {
            return;
        }
        terminal = true;
        listener.onFailed(failure);
        if (transport.doubled()) {
            listener.onFailed(failure);
        }
    }

    void messageFromWorld(byte[] bytes) {
        arrive(new Readable.Message(bytes));
    }

    void pingFromWorld(byte[] bytes) {
        arrive(new Readable.Ping(bytes));
    }

    void pongFromWorld(byte[] bytes) {
        arrive(new Readable.Pong(bytes));
    }

    void closeFromWorld(CloseInfo info) {
        arrive(new Readable.End(info));
    }

    private void arrive(Readable readable) {
        kernel.add(readable);
        if (!reading) {
            reading = true;
            selector.execute(this::read);
        }
    }

    /** The peer reads again: what was held up goes out. */
    void writable() {
        selector.execute(() -> {
            writeLimit.cancel();
            for (Stalled s = stalled.poll(); s != null; s = stalled.poll()) {
                put(s.arrival(), s.callback());
            }
        });
    }

    // --- the selector

    private void read() {
        reading = false;
        if (!opened) {
            return;
        }
        while (!kernel.isEmpty() && !held) {
            if (ended() && !transport.late()) {
                kernel.clear();
                return;
            }
            deliver(kernel.poll());
        }
    }

    private void deliver(Readable readable) {
        long now = environment.nanoTime();
        if (readable instanceof Readable.Message m) {
            transport.arrives(this, new String(m.bytes(), StandardCharsets.UTF_8));
            held = !listener.onMessage(true, ByteBuffer.wrap(m.bytes()), now);
        } else if (readable instanceof Readable.Ping p) {
            listener.onPing(ByteBuffer.wrap(p.bytes()), now);
        } else if (readable instanceof Readable.Pong p) {
            listener.onPong(ByteBuffer.wrap(p.bytes()), now);
        } else if (readable instanceof Readable.End end) {
            close(end.info());
        }
    }

    private void close(CloseInfo info) {
        if (terminal && !transport.late()) {
            return;
        }
        end();
        listener.onClosed(info);
        if (transport.doubled()) {
            listener.onClosed(info);
        }
    }

    private void end() {
        terminal = true;
        writeLimit.cancel();
        for (Stalled s = stalled.poll(); s != null; s = stalled.poll()) {
            s.callback().failed("the connection has ended");
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
        write(() -> peer.receive(sent), callback);
    }

    @Override
    public void ping(ByteBuffer payload, SendCallback callback) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        write(() -> peer.ping(bytes), callback);
    }

    private void write(Runnable arrival, SendCallback callback) {
        selector.execute(() -> {
            if (ended() || peer == null) {
                callback.failed("the connection has ended");
            } else if (peer.readsNothing()) {
                stall(arrival, callback);
            } else {
                put(arrival, callback);
            }
        });
    }

    private void put(Runnable arrival, SendCallback callback) {
        callback.sent();
        environment.world(LATENCY, arrival);
    }

    private void stall(Runnable arrival, SendCallback callback) {
        stalled.add(new Stalled(arrival, callback));
        if (stalled.size() == 1) {
            writeLimit =
                    environment.schedule(request.writeTimeout().toNanos(), () -> selector.execute(this::writeOverdue));
        }
    }

    private void writeOverdue() {
        if (!ended() && !stalled.isEmpty()) {
            environment.world(LATENCY, peer::gone);
            close(new CloseInfo(CloseInfo.Kind.WRITE_TIMEOUT, 1006, "write.timeout"));
        }
    }

    @Override
    public void close(int code, String reason) {
        selector.execute(() -> {
            if (!ended() && peer != null && !peer.readsNothing()) {
                environment.world(LATENCY, () -> peer.closeReceived(code));
            }
        });
    }

    @Override
    public void abort() {
        aborted = true;
        connectLimit.cancel();
        selector.execute(this::end);
        environment.world(LATENCY, () -> {
            if (peer != null) {
                peer.gone();
            }
        });
    }

    @Override
    public void afterReadPass(Runnable task) {
        selector.execute(() -> {
            read();
            task.run();
        });
    }
}
