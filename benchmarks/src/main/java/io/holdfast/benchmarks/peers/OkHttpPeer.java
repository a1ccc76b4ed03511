// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.peers;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

final class OkHttpPeer implements Peer {
    private final OkHttpClient client;

    OkHttpPeer() {
        Dispatcher dispatcher = new Dispatcher();
        // Open sockets count as requests: by default the 65th would wait for ever.
        dispatcher.setMaxRequests(20_000);
        dispatcher.setMaxRequestsPerHost(20_000);
        client = new OkHttpClient.Builder().dispatcher(dispatcher).build();
    }

    @Override
    public CompletionStage<Connection> connect(URI uri, Receiver receiver) {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        client.newWebSocket(new Request.Builder().url(uri.toString()).build(), new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                opened.complete(socket::send);
            }

            @Override
            public void onMessage(WebSocket socket, String text) {
                receiver.text(text);
            }

            @Override
            public void onFailure(WebSocket socket, Throwable failure, Response response) {
                opened.completeExceptionally(failure);
            }
        });
        return opened;
    }
}
