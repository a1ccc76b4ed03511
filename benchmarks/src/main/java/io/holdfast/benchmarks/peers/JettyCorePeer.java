// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.peers;

import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;

/** Jetty's core API, with as little as a user of frames needs: whole text frames, which is what the load server sends. */
final class JettyCorePeer implements Peer {
    private final WebSocketCoreClient client = new WebSocketCoreClient();

    JettyCorePeer() throws Exception {
        client.getHttpClient().setMaxRequestsQueuedPerDestination(20_000);
        client.start();
    }

    @Override
    public CompletionStage<Connection> connect(URI uri, Receiver receiver) throws Exception {
        return client.connect(new Frames(receiver), uri)
                .thenApply(session -> text -> session.sendFrame(new Frame(OpCode.TEXT, text), Callback.NOOP, false));
    }

    private static final class Frames implements FrameHandler {
        private final Receiver receiver;
        private CoreSession session;

        private Frames(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void onOpen(CoreSession opened, Callback callback) {
            session = opened;
            callback.succeeded();
            session.demand();
        }

        @Override
        public void onFrame(Frame frame, Callback callback) {
            if (frame.getOpCode() == OpCode.TEXT) {
                receiver.text(BufferUtil.toUTF8String(frame.getPayload()));
            }
            callback.succeeded();
            session.demand();
        }

        @Override
        public void onError(Throwable cause, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            callback.succeeded();
        }
    }
}
