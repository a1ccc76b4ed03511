// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.transport.jetty.frames.CloseCode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.io.ByteArrayEndPoint;
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
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.eclipse.jetty.websocket.core.exception.CloseException;

/** What Jetty makes of a server's bytes: its connection, parser and session on an end point in memory, all on the caller's thread. */
final class JettyFrames implements FrameHandler {
    private final Events events = new Events();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private byte[] undecoded = new byte[0];
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final ByteArrayEndPoint endPoint = new ByteArrayEndPoint() {
        @Override
        protected void execute(Runnable task) {
            task.run();
        }
    };
    private final WebSocketCoreSession session;
    private boolean text;
    private boolean over;
    private boolean refusedFirst;

    JettyFrames(WebSocketComponents components) {
        ExtensionStack extensions = new ExtensionStack(components, Behavior.CLIENT);
        extensions.negotiate(List.of(), List.of());
        session = new WebSocketCoreSession(
                this,
                Behavior.CLIENT,
                new Negotiated(URI.create("ws://h/"), null, false, extensions, "13"),
                components);
        session.setMaxFrameSize(0);
        WebSocketConnection connection =
                new WebSocketConnection(endPoint, Runnable::run, null, components.getByteBufferPool(), session);
        session.setWebSocketConnection(connection);
        endPoint.setConnection(connection);
        connection.onOpen();
    }

    void read(byte[] bytes, int from, int to) {
        if (!over) {
            endPoint.addInput(ByteBuffer.wrap(java.util.Arrays.copyOfRange(bytes, from, to)));
        }
    }

    /**
     * Whether a length beyond an int, or the text in a closing frame, was refused. Jetty looks at them before it looks at the rest
     * of the header, which may be wrong too.
     */
    boolean refusedFirst() {
        return refusedFirst;
    }

    Events events() {
        return events;
    }

    @Override
    public void onOpen(CoreSession coreSession, Callback callback) {
        callback.succeeded();
        session.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        byte[] payload =
                BufferUtil.toArray(frame.hasPayload() ? frame.getPayload().slice() : BufferUtil.EMPTY_BUFFER);
        switch (frame.getOpCode()) {
            case OpCode.PING -> events.ping(payload);
            case OpCode.PONG -> events.pong(payload);
            case OpCode.CLOSE -> {
                over = true;
                CloseStatus status = CloseStatus.getCloseStatus(frame);
                events.closed(status.getCode(), status.getReason());
            }
            default -> data(frame, payload);
        }
        callback.succeeded();
        if (!over) {
            session.demand();
        }
    }

    private void data(Frame frame, byte[] payload) {
        if (frame.getOpCode() != OpCode.CONTINUATION) {
            text = frame.getOpCode() == OpCode.TEXT;
            message.reset();
            decoder.reset();
            undecoded = new byte[0];
        }
        message.writeBytes(payload);
        if (text && !isUtf8(payload, frame.isFin())) {
            over = true;
            events.failed(CloseCode.BAD_PAYLOAD);
        } else if (frame.isFin()) {
            events.message(text, message.toByteArray());
        }
    }

    /** By the JDK's decoder, as the bytes come. */
    private boolean isUtf8(byte[] more, boolean last) {
        ByteBuffer in = ByteBuffer.wrap(Peer.join(undecoded, more));
        boolean error = decoder.decode(in, CharBuffer.allocate(in.remaining() + 1), last)
                .isError();
        undecoded = new byte[in.remaining()];
        in.get(undecoded);
        return !error;
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        if (!over) {
            over = true;
            int code = cause instanceof CloseException e ? e.getStatusCode() : 0;
            refusedFirst = code == CloseCode.BAD_PAYLOAD || code == CloseCode.TOO_LARGE;
            events.failed(code);
        }
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        over = true;
        callback.succeeded();
    }
}
