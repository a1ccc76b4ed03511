// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.peers;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;

/** The JDK's own client; gives messages in parts, which are put together here as its documentation shows. */
final class JdkPeer implements Peer {
    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public CompletionStage<Connection> connect(URI uri, Receiver receiver) {
        return client.newWebSocketBuilder()
                .buildAsync(uri, new Parts(receiver))
                .thenApply(socket -> text -> socket.sendText(text, true));
    }

    private static final class Parts implements WebSocket.Listener {
        private final Receiver receiver;
        private final StringBuilder begun = new StringBuilder();

        private Parts(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            if (last && begun.isEmpty()) {
                receiver.text(part.toString());
            } else {
                begun.append(part);
                if (last) {
                    receiver.text(begun.toString());
                    begun.setLength(0);
                }
            }
            socket.request(1);
            return null;
        }
    }
}
