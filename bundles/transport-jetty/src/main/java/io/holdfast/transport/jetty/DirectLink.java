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
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** An open connection of the direct engine: our own frames on Jetty's end point on one side, the listener on the other. */
final class DirectLink implements Link, ReadLoop.Handler, Writer.Owner {
    // Fields and not objects: there are ten thousand connections.
    private static final AtomicIntegerFieldUpdater<DirectLink> HANDSHAKE = number("handshake");
    private static final AtomicIntegerFieldUpdater<DirectLink> CLOSING = number("closing");
    private static final AtomicIntegerFieldUpdater<DirectLink> ENDED = number("ended");
    private static final AtomicReferenceFieldUpdater<DirectLink, CloseInfo> CAUSE =
            AtomicReferenceFieldUpdater.newUpdater(DirectLink.class, CloseInfo.class, "cause");

    private static AtomicIntegerFieldUpdater<DirectLink> number(String field) {
        return AtomicIntegerFieldUpdater.newUpdater(DirectLink.class, field);
    }

    private final Network network;
    private final Duration writeTimeout;
    private final TransportListener listener;
    private final JettyConnection owner;
    private final LinkEndPoint endPoint;
    private final ReadLoop loop;
    private final Writer writer;
    private final Masks masks;
    private final Demand demand = new Demand();

    /** 1 when a closing frame was or will be sent. */
    private volatile int closing;

    /** A closing frame must be sent and one must have come before the connection is closed. */
    private volatile int handshake = 2;

    /** 1 when nothing more is told but the end. */
    private volatile int ended;

    /** Why the connection ends: the first cause that was seen. */
    private volatile CloseInfo cause;

    /** Whether the listener was told; inside the gate. */
    private boolean opened;

    private final ListenerGate gate;

    /** @param compression what was negotiated; null: none */
    DirectLink(
            Network network,
            ConnectRequest request,
            TransportListener listener,
            JettyConnection owner,
            EndPoint below,
            Compression compression) {
        this.network = network;
        writeTimeout = request.writeTimeout();
        this.listener = listener;
        this.owner = owner;
        gate = new ListenerGate(network, this::deliverEnd);
        masks = new Masks(network.random());
        endPoint = new LinkEndPoint(
                below,
                network,
                new WriteLimit(network.scheduler(), writeTimeout, this::writeExpired),
                this::runPassTask);
        writer = new Writer(this);
        loop = new ReadLoop(
                endPoint, network, new MessageReader(request.maxMessageBytes(), compression), gate, demand, this);
    }

    @Override
    public void open() {
        try {
            endPoint.upgrade(loop);
        } catch (RuntimeException | Error e) {
            // No memory, or a failed assertion of the listener: nobody would ever read.
            end(lost("the connection could not be taken over: " + Text.of(e)));
        }
    }

    // What the engine asks for, on any thread.

    @Override
    public void demand() {
        if (demand.demanded()) {
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
        if (CLOSING.compareAndSet(this, 0, 1)) {
            writer.write(frame, new Done(this::handshakePart));
        }
    }

    @Override
    public void abort() {
        boolean alone = gate.shut();
        ended = 1;
        endPoint.forgetPassTasks();
        writer.fail("the connection was aborted");
        if (alone) {
            loop.release();
        }
        Sockets.reset(endPoint);
    }

    @Override
    public void stop() {
        CAUSE.compareAndSet(this, null, lost("the transport was stopped"));
        writer.fail("the transport was stopped");
        ended = 1;
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
        return cause == null;
    }

    @Override
    public void message(boolean text, ByteBuffer payload) {
        int before = demand.demands();
        if (!listener.onMessage(text, payload, endPoint.readNanos())) {
            demand.listenerPauses(before);
        }
    }

    @Override
    public void ping(ByteBuffer payload) {
        demand.pongWaits();
        writer.writeFirst(OutFrame.pong(payload), new Done(this::ponged));
        listener.onPing(payload, endPoint.readNanos());
    }

    @Override
    public void pong(ByteBuffer payload) {
        listener.onPong(payload, endPoint.readNanos());
    }

    @Override
    public void closed(int code, String reason) {
        CAUSE.compareAndSet(this, null, new CloseInfo(CloseInfo.Kind.HANDSHAKE, code, Text.shown(reason)));
        if (CLOSING.compareAndSet(this, 0, 1)) {
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
        if (demand.pongGone()) {
            loop.resume();
        }
    }

    // The end.

    private static CloseInfo lost(String text) {
        return new CloseInfo(CloseInfo.Kind.LOST, CloseCode.LOST, text);
    }

    private void handshakePart() {
        if (HANDSHAKE.decrementAndGet(this) == 0) {
            end(lost("the closing handshake was not finished"));
        }
    }

    /** Sends a closing frame and cuts the connection, as RFC 6455, 7.1.7 has it. */
    private void fail(int code, String text) {
        CloseInfo info = new CloseInfo(CloseInfo.Kind.PROTOCOL, code, text);
        if (CAUSE.compareAndSet(this, null, info)) {
            closing = 1;
            writer.writeFirst(OutFrame.close(code, ""), new Done(() -> end(info)));
        }
    }

    @Override
    public void write(OutFrame frame, Callback callback) {
        ByteBuffer bytes;
        try {
            bytes = frame.encode(masks.next());
        } catch (RuntimeException | Error e) {
            // No memory for a large one: the writer waits for its end, and would never write anything again.
            callback.failed(e);
            return;
        }
        endPoint.write(callback, bytes);
    }

    @Override
    public void broken(String reason) {
        end(lost("the connection was lost: " + reason));
    }

    private void writeExpired() {
        CAUSE.compareAndSet(
                this,
                null,
                new CloseInfo(
                        CloseInfo.Kind.WRITE_TIMEOUT,
                        CloseCode.LOST,
                        "a frame was not written within " + writeTimeout));
        Sockets.reset(endPoint);
        end(lost("a frame was not written in time"));
    }

    /** The first cause that was seen is the one told. */
    private void end(CloseInfo info) {
        CAUSE.compareAndSet(this, null, info);
        writer.fail("the connection has ended");
        if (ENDED.compareAndSet(this, 0, 1)) {
            endPoint.close();
            network.execute(gate::end);
        }
    }

    private void deliverEnd() {
        endPoint.forgetPassTasks();
        loop.release();
        owner.ended(opened, cause);
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
    @Override
    public void guarded(Runnable foreign, String what) {
        try {
            foreign.run();
        } catch (Exception | LinkageError | StackOverflowError e) {
            listenerFailed(what, e);
        }
    }

    @Override
    public void listenerFailed(String what, Throwable thrown) {
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
