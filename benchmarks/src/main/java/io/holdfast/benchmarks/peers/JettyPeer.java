// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.peers;

import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** Jetty's documented API: a listener with text messages. */
final class JettyPeer implements Peer {
    private final WebSocketClient client = new WebSocketClient();

    JettyPeer() throws Exception {
        // Its default refuses the eleven hundredth connect that waits.
        client.getHttpClient().setMaxRequestsQueuedPerDestination(20_000);
        client.start();
    }

    @Override
    public CompletionStage<Connection> connect(URI uri, Receiver receiver) throws Exception {
        return client.connect(new Listener(receiver), uri)
                .thenApply(session -> text -> session.sendText(text, Callback.NOOP));
    }

    /** Public, because Jetty calls it by method handles. */
    public static final class Listener implements Session.Listener.AutoDemanding {
        private final Receiver receiver;

        private Listener(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void onWebSocketText(String message) {
            receiver.text(message);
        }
    }
}
