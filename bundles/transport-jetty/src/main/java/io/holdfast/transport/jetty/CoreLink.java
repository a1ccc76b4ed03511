// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.transport.jetty.frames.Assembly;
import io.holdfast.transport.jetty.frames.OutFrame;
import io.holdfast.transport.jetty.frames.Utf8;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.exception.CloseException;

/** An open connection of the core engine: Jetty's frames on one side, the listener on the other. */
final class CoreLink implements Link, FrameHandler, CoreConnection.Messages, Writer.Owner {
    private static final int INPUT_BUFFER = 64 * 1024;

    /** In place of the address: Jetty would decode its query, which need not be text, and print it, which may hold a token. */
    private static final URI NOWHERE = URI.create("/");

    private final Network network;
    private final ConnectRequest request;
    private final TransportListener listener;
    private final JettyConnection owner;
    private final LinkEndPoint endPoint;
    private final WebSocketCoreSession session;
    private final CoreConnection connection;
    private final Writer writer;
    private final Assembly assembly;
    private final Demand demand = new Demand();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Why the connection ends: the first cause that was seen. */
    private final AtomicReference<CloseInfo> cause = new AtomicReference<>();

    /** Whether the listener was told; inside the gate. */
    private boolean opened;

    private final ListenerGate gate;

    CoreLink(
            Network network,
            ConnectRequest request,
            TransportListener listener,
            JettyConnection owner,
            EndPoint below) {
        this.network = network;
        this.request = request;
        this.listener = listener;
        this.owner = owner;
        gate = new ListenerGate(network, this::deliverEnd);
        assembly = new Assembly(request.maxMessageBytes());
        endPoint = new LinkEndPoint(
                below,
                network,
                new WriteLimit(network.scheduler(), request.writeTimeout(), this::writeExpired),
                this::runPassTask);
        ExtensionStack extensions = new ExtensionStack(network.components(), Behavior.CLIENT);
        extensions.negotiate(List.of(), List.of());
        session = new WebSocketCoreSession(
                this,
                Behavior.CLIENT,
                new Negotiated(NOWHERE, null, below.isSecure(), extensions, "13"),
                network.components());
        session.setClassLoader(CoreLink.class.getClassLoader());
        session.setInputBufferSize(INPUT_BUFFER);
        // Our own assembly limits messages: it grows with what came, not with what a header announces.
        session.setAutoFragment(true);
        session.setMaxFrameSize(0);
        connection = new CoreConnection(endPoint, network, session, demand, this);
        session.setWebSocketConnection(connection);
        connection.addEventListener(new org.eclipse.jetty.io.Connection.Listener() {
            @Override
            public void onClosed(org.eclipse.jetty.io.Connection closed) {
                // Jetty's session tells of the end too, and better, but only a little later when a write is to be
                // failed first.
                if (!ended.get()) {
                    network.scheduler().schedule(() -> ended(lost("the connection was lost")), 1, TimeUnit.SECONDS);
                }
            }
        });
        writer = new Writer(this);
    }

    @Override
    public void write(OutFrame frame, Callback callback) {
        session.sendFrame(jettys(frame), callback, false);
    }

    @Override
    public void broken(String reason) {
        // Jetty's session tells of the end.
    }

    private static Frame jettys(OutFrame frame) {
        return frame.opCode() == OpCode.CLOSE
                ? new ClosingFrame(frame.payload().slice())
                : new Frame((byte) frame.opCode(), true, frame.payload().slice());
    }

    @Override
    public void open() {
        try {
            endPoint.upgrade(connection);
        } catch (RuntimeException | Error e) {
            ended(lost("the connection could not be taken over: " + Text.of(e)));
            Sockets.reset(endPoint);
        }
    }

    // What the engine asks for, on any thread.

    @Override
    public void demand() {
        if (demand.demanded()) {
            connection.resume();
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
            writer.write(frame, SendCallback.NONE);
        }
    }

    @Override
    public void abort() {
        gate.shut();
        ended.set(true);
        endPoint.forgetPassTasks();
        writer.fail("the connection was aborted");
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

    // What Jetty tells, on the reading thread unless stated otherwise.

    @Override
    public void onOpen(CoreSession coreSession, Callback callback) {
        if (gate.enter()) {
            try {
                opened = true;
                guarded(() -> listener.onOpen(owner), "onOpen");
            } finally {
                gate.leave();
            }
        }
        callback.succeeded();
        connection.resume();
    }

    @Override
    public boolean isWithinFragments() {
        return assembly.isOpen();
    }

    @Override
    public void message(boolean text, ByteBuffer payload) {
        if (gate.enter()) {
            // Not through guarded(): this path allocates nothing.
            try {
                whole(text, payload);
            } catch (Exception | LinkageError | StackOverflowError e) {
                listenerFailed("a message", e);
            } finally {
                gate.leave();
            }
        }
    }

    /** Control frames and fragments. */
    @Override
    public void onFrame(Frame frame, Callback callback) {
        if (gate.enter()) {
            try {
                receive(frame);
            } catch (Exception | LinkageError | StackOverflowError e) {
                listenerFailed("a message", e);
            } finally {
                gate.leave();
            }
        }
        callback.succeeded();
    }

    private void receive(Frame frame) {
        byte opCode = frame.getOpCode();
        ByteBuffer payload = frame.hasPayload() ? frame.getPayload() : BufferUtil.EMPTY_BUFFER;
        switch (opCode) {
            case OpCode.TEXT, OpCode.BINARY -> begin(opCode == OpCode.TEXT, payload, frame.isFin());
            case OpCode.CONTINUATION -> goOn(payload, frame.isFin());
            case OpCode.PING -> pinged(payload);
            case OpCode.PONG -> listener.onPong(payload, endPoint.readNanos());
            default -> {
                CloseStatus status = CloseStatus.getCloseStatus(frame);
                cause.compareAndSet(
                        null,
                        new CloseInfo(CloseInfo.Kind.HANDSHAKE, status.getCode(), Text.shown(status.getReason())));
            }
        }
    }

    private void begin(boolean text, ByteBuffer payload, boolean last) {
        if (!last) {
            assembly.begin(text);
            goOn(payload, false);
        } else {
            whole(text, payload);
        }
    }

    private void whole(boolean text, ByteBuffer payload) {
        if (payload.remaining() > request.maxMessageBytes()) {
            tooLarge();
        } else {
            deliver(text, payload);
        }
    }

    private void goOn(ByteBuffer payload, boolean last) {
        if (!assembly.add(payload)) {
            tooLarge();
        } else if (last) {
            deliver(assembly.isText(), assembly.end());
        }
    }

    private void deliver(boolean text, ByteBuffer payload) {
        if (text && !Utf8.isValid(payload)) {
            fail(CloseStatus.BAD_PAYLOAD, "a text message is not UTF-8");
            return;
        }
        int before = demand.demands();
        if (!listener.onMessage(text, payload, endPoint.readNanos())) {
            demand.listenerPauses(before);
        }
    }

    private void pinged(ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        demand.pongWaits();
        // Not through the writer: a pong goes ahead of what waits there, and after the closing frame there is none.
        session.sendFrame(
                new Frame(OpCode.PONG, true, ByteBuffer.wrap(copy)),
                Callback.from(this::ponged, failure -> ponged()),
                false);
        listener.onPing(payload, endPoint.readNanos());
    }

    private void ponged() {
        if (demand.pongGone()) {
            connection.resume();
        }
    }

    private void tooLarge() {
        fail(CloseStatus.MESSAGE_TOO_LARGE, "a message is larger than " + request.maxMessageBytes() + " bytes");
    }

    @Override
    public void onError(Throwable failure, Callback callback) {
        // onClosed follows and has the cause too.
        callback.succeeded();
    }

    /** On any thread. */
    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        callback.succeeded();
        ended(
                status.getCause() instanceof CloseException violation
                        ? new CloseInfo(CloseInfo.Kind.PROTOCOL, violation.getStatusCode(), Text.of(violation))
                        : lost(
                                status.getCause() == null
                                        ? "the connection was lost"
                                        : "the connection was lost: " + Text.of(status.getCause())));
    }

    // The end.

    private static CloseInfo lost(String text) {
        return new CloseInfo(CloseInfo.Kind.LOST, CloseStatus.NO_CLOSE, text);
    }

    /** Sends a closing frame and cuts the connection, as RFC 6455, 7.1.7 has it. */
    private void fail(int code, String text) {
        if (cause.compareAndSet(null, new CloseInfo(CloseInfo.Kind.PROTOCOL, code, text))) {
            closing.set(true);
            demand.hold(Demand.OVER);
            session.sendFrame(CloseStatus.toFrame(code), Callback.NOOP, false);
        }
    }

    private void writeExpired() {
        ended(new CloseInfo(
                CloseInfo.Kind.WRITE_TIMEOUT,
                CloseStatus.NO_CLOSE,
                "a frame was not written within " + request.writeTimeout()));
        Sockets.reset(endPoint);
    }

    private void ended(CloseInfo info) {
        cause.compareAndSet(null, info);
        writer.fail("the connection has ended");
        if (ended.compareAndSet(false, true)) {
            network.execute(gate::end);
        }
    }

    private void deliverEnd() {
        endPoint.forgetPassTasks();
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
                CloseStatus.SERVER_ERROR,
                "the listener failed in " + what + ": " + thrown.getClass().getName() + ": " + Text.of(thrown));
    }

    /**
     * Begins the closing handshake with any code. Jetty cuts the connection behind codes that it counts as abnormal, 1001
     * among them; so it is told of a normal one, and waits for the peer's answer.
     */
    private static final class ClosingFrame extends Frame implements CloseStatus.Supplier {
        private ClosingFrame(ByteBuffer payload) {
            super(OpCode.CLOSE, true, payload);
        }

        @Override
        public CloseStatus getCloseStatus() {
            return CloseStatus.NORMAL_STATUS;
        }
    }
}
