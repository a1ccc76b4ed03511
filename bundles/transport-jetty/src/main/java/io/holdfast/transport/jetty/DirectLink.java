// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.transport.jetty.frames.CloseCode;
import io.holdfast.transport.jetty.frames.Compression;
import io.holdfast.transport.jetty.frames.MessageReader;
import io.holdfast.transport.jetty.frames.OutFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.EndPoint;

/** An open connection of the direct engine: our own frames on Jetty's end point on one side, the listener on the other. */
final class DirectLink implements Link, ReadLoop.Handler {
    /** Pongs that may wait to be written before reading pauses. */
    private static final int MAX_PONGS = 64;

    private final Network network;
    private final ConnectRequest request;
    private final TransportListener listener;
    private final JettyConnection owner;
    private final LinkEndPoint endPoint;
    private final ReadLoop loop;
    private final Writer writer;
    private final Masks masks;
    private final Demand demand = new Demand();

    /** Counts the listener's demands, so that one which comes while it still handles a message is not lost. */
    private final AtomicInteger demands = new AtomicInteger();

    private final AtomicInteger pongs = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();

    /** A closing frame must be sent and one must have come before the connection is closed. */
    private final AtomicInteger handshake = new AtomicInteger(2);

    private final AtomicBoolean ended = new AtomicBoolean();

    /** Why the connection ends: the first cause that was seen. */
    private final AtomicReference<CloseInfo> cause = new AtomicReference<>();

    /** Whether the listener was told; inside the gate. */
    private boolean opened;

    private final ListenerGate gate = new ListenerGate(this::deliverEnd);

    /** @param compression what was negotiated; null: none */
    DirectLink(
            Network network,
            ConnectRequest request,
            TransportListener listener,
            JettyConnection owner,
            EndPoint below,
            Compression compression) {
        this.network = network;
        this.request = request;
        this.listener = listener;
        this.owner = owner;
        masks = new Masks(network.random());
        endPoint = new LinkEndPoint(
                below,
                network::execute,
                new WriteLimit(network.scheduler(), request.writeTimeout(), this::writeExpired),
                this::runPassTask);
        writer = new Writer(
                (frame, callback) -> endPoint.write(callback, frame.encode(masks.next())),
                this::guarded,
                this::writeFailed);
        loop = new ReadLoop(
                endPoint, network, new MessageReader(request.maxMessageBytes(), compression), gate, demand, this);
    }

    @Override
    public void open() {
        try {
            endPoint.upgrade(loop);
        } catch (RuntimeException e) {
            end(lost("the connection could not be taken over: " + Text.of(e)));
        }
    }

    // What the engine asks for, on any thread.

    @Override
    public void demand() {
        demands.incrementAndGet();
        if (demand.release(Demand.LISTENER)) {
            loop.resume();
        }
    }

    @Override
    public void send(boolean text, ByteBuffer payload, SendCallback callback) {
        writer.write(OutFrame.message(text, payload.slice()), callback);
    }

    @Override
    public void ping(ByteBuffer payload, SendCallback callback) {
        writer.write(OutFrame.ping(payload.slice()), callback);
    }

    @Override
    public void close(int code, String reason) {
        OutFrame frame = OutFrame.close(code, reason);
        if (closing.compareAndSet(false, true)) {
            writer.write(frame, new Done(this::handshakePart));
        }
    }

    @Override
    public void abort() {
        boolean alone = gate.shut();
        ended.set(true);
        endPoint.forgetPassTasks();
        writer.fail("the connection was aborted");
        if (alone) {
            loop.release();
        }
        Sockets.reset(endPoint);
    }

    @Override
    public void stop() {
        cause.compareAndSet(null, lost("the transport was stopped"));
        writer.fail("the transport was stopped");
        ended.set(true);
        gate.end();
        Sockets.reset(endPoint);
    }

    @Override
    public void afterReadPass(Runnable task) {
        endPoint.afterReadPass(task);
    }

    // What is read, on the reading thread and inside the gate.

    @Override
    public void opened() {
        opened = true;
        guarded(() -> listener.onOpen(owner), "onOpen");
    }

    @Override
    public boolean goesOn() {
        return cause.get() == null;
    }

    @Override
    public void message(boolean text, ByteBuffer payload) {
        int before = demands.get();
        if (!listener.onMessage(text, payload, endPoint.readNanos())) {
            demand.hold(Demand.LISTENER);
            if (demands.get() != before) {
                demand.release(Demand.LISTENER);
            }
        }
    }

    @Override
    public void ping(ByteBuffer payload) {
        if (pongs.incrementAndGet() >= MAX_PONGS) {
            demand.hold(Demand.PONGS);
            if (pongs.get() < MAX_PONGS) {
                demand.release(Demand.PONGS);
            }
        }
        writer.writeFirst(OutFrame.pong(payload), new Done(this::ponged));
        listener.onPing(payload, endPoint.readNanos());
    }

    @Override
    public void pong(ByteBuffer payload) {
        listener.onPong(payload, endPoint.readNanos());
    }

    @Override
    public void closed(int code, String reason) {
        cause.compareAndSet(null, new CloseInfo(CloseInfo.Kind.HANDSHAKE, code, Text.shown(reason)));
        if (closing.compareAndSet(false, true)) {
            writer.writeFirst(OutFrame.closeAnswer(code), new Done(this::handshakePart));
        }
        handshakePart();
    }

    @Override
    public void violated(int code, String text) {
        fail(code, text);
    }

    @Override
    public void listenerFailed(Throwable thrown) {
        listenerFailed("a message", thrown);
    }

    /** On any thread. */
    @Override
    public void lost(Throwable failure) {
        end(lost(failure == null ? "the connection was lost" : "the connection was lost: " + Text.of(failure)));
    }

    private void ponged() {
        if (pongs.decrementAndGet() < MAX_PONGS && demand.release(Demand.PONGS)) {
            loop.resume();
        }
    }

    // The end.

    private static CloseInfo lost(String text) {
        return new CloseInfo(CloseInfo.Kind.LOST, CloseCode.LOST, text);
    }

    private void handshakePart() {
        if (handshake.decrementAndGet() == 0) {
            end(lost("the closing handshake was not finished"));
        }
    }

    /** Sends a closing frame and cuts the connection, as RFC 6455, 7.1.7 has it. */
    private void fail(int code, String text) {
        CloseInfo info = new CloseInfo(CloseInfo.Kind.PROTOCOL, code, text);
        if (cause.compareAndSet(null, info)) {
            closing.set(true);
            writer.writeFirst(OutFrame.close(code, ""), new Done(() -> end(info)));
        }
    }

    private void writeFailed(String reason) {
        end(lost("the connection was lost: " + reason));
    }

    private void writeExpired() {
        cause.compareAndSet(
                null,
                new CloseInfo(
                        CloseInfo.Kind.WRITE_TIMEOUT,
                        CloseCode.LOST,
                        "a frame was not written within " + request.writeTimeout()));
        Sockets.reset(endPoint);
        end(lost("a frame was not written in time"));
    }

    /** The first cause that was seen is the one told. */
    private void end(CloseInfo info) {
        cause.compareAndSet(null, info);
        writer.fail("the connection has ended");
        if (ended.compareAndSet(false, true)) {
            endPoint.close();
            network.execute(gate::end);
        }
    }

    private void deliverEnd() {
        endPoint.forgetPassTasks();
        loop.release();
        owner.ended(opened, cause.get());
    }

    private void runPassTask(Runnable task) {
        if (gate.enter()) {
            try {
                guarded(task, "a task after a read pass");
            } finally {
                gate.leave();
            }
        }
    }

    /** Runs the listener's code; what it throws ends this connection and nothing else. */
    private void guarded(Runnable foreign, String what) {
        try {
            foreign.run();
        } catch (Exception | LinkageError | StackOverflowError e) {
            listenerFailed(what, e);
        }
    }

    private void listenerFailed(String what, Throwable thrown) {
        fail(
                CloseCode.SERVER_ERROR,
                "the listener failed in " + what + ": " + thrown.getClass().getName() + ": " + Text.of(thrown));
    }

    /** Runs when the frame was written or could not be: the connection's end is told elsewhere. */
    private record Done(Runnable then) implements SendCallback {
        @Override
        public void sent() {
            then.run();
        }

        @Override
        public void failed(String reason) {
            then.run();
        }
    }
}
