// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.peers;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;

final class JavaWebSocketPeer implements Peer {
    @Override
    public CompletionStage<Connection> connect(URI uri, Receiver receiver) {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        WebSocketClient client = new WebSocketClient(uri) {
            @Override
            public void onOpen(ServerHandshake handshake) {
                opened.complete(this::send);
            }

            @Override
            public void onMessage(String text) {
                receiver.text(text);
            }

            @Override
            public void onClose(int code, String reason, boolean remote) {
                opened.completeExceptionally(new IllegalStateException("closed: " + code + " " + reason));
            }

            @Override
            public void onError(Exception failure) {
                opened.completeExceptionally(failure);
            }
        };
        client.setTcpNoDelay(true);
        client.connect();
        return opened;
    }
}
