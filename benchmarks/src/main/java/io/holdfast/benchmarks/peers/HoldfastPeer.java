// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.peers;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.benchmarks.ours.ExchangeHeartbeat;
import io.holdfast.benchmarks.ours.Ours;
import io.holdfast.benchmarks.ours.PlainJava;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Ours: all on (supervised, heartbeat patterns, counters) or bare; listeners on the connection's thread, like those of the others. */
final class HoldfastPeer implements Peer {
    private final boolean bare;
    private final String engine;
    private final Ours ours;
    private int number;

    HoldfastPeer(boolean bare, String engine) {
        this.bare = bare;
        this.engine = engine;
        // Ten thousand connections are opened at once here, as no exchange would have it.
        ours = new PlainJava(bare, Map.of("host.patterns", "*", "attempts", 1000, "window", "10ms"));
    }

    @Override
    public CompletionStage<Connection> connect(URI uri, Receiver receiver) {
        ClientOptions options = ClientOptions.uri(uri.toString())
                .id("c" + number++)
                .direct()
                .option("transport.engine", engine)
                .option("heartbeat.type", bare ? "none" : ExchangeHeartbeat.QUIET)
                .build();
        WebSocketClient client = ours.open(options, message -> receiver.text(message.text()));
        return client.opened().thenApply(v -> client::send);
    }

    @Override
    public void close() {
        ours.close();
    }
}
