// SPDX-License-Identifier: Apache-2.0
package io.holdfast.examples.plain;

import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.client.Holdfast;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A production connection to Deribit without a container: heartbeat, subscription on every connection, events, health, and an
 * orderly end.
 *
 * <p>Arguments: the address, how many messages to wait for, and what to add to or replace among the options below, each as {@code
 * name=value}. Without arguments it takes a hundred messages of Deribit's test net.
 */
public final class DeribitConnection {
    private static final String SUBSCRIBE =
            "{\"jsonrpc\":\"2.0\",\"id\":\"subscribe\",\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"ticker.BTC-PERPETUAL.100ms\"]}}";

    private DeribitConnection() {}

    public static void main(String[] args) throws Exception {
        String uri = args.length > 0 ? args[0] : "wss://test.deribit.com/ws/api/v2";
        int wanted = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        ClientOptions.Builder options = ClientOptions.uri(uri)
                .id("deribit")
                // Deribit asks a question in each interval and closes the connection that leaves it unanswered.
                .heartbeat("deribit", Map.of("interval", "30s"))
                // Sent on every connection, so the data is back after each reconnect.
                .openMessage(SUBSCRIBE, "\"id\":\"subscribe\"")
                // Never gives up, and is never faster than a second.
                .option("reconnect.attempts", "0")
                .option("reconnect.floor", "1s")
                .option("reconnect.maximum", "30s");
        for (int i = 2; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            options.option(args[i].substring(0, equals), args[i].substring(equals + 1));
        }

        Ticker ticker = new Ticker(wanted);
        try (Holdfast holdfast = Holdfast.start()) {
            System.out.println("heartbeat plugins: "
                    + holdfast.heartbeatTypes().stream().sorted().toList());
            WebSocketClient client = holdfast.clients().open(options.build(), ticker, DeribitConnection::show);
            client.opened().toCompletableFuture().get(1, TimeUnit.MINUTES);
            ticker.await();
            show(client);
            client.close(1000, "enough").toCompletableFuture().get(1, TimeUnit.MINUTES);
        }
        System.out.println("done");
    }

    private static void show(ConnectionEvent event) {
        System.out.println(
                event.type() + event.cause().map(cause -> ": " + cause).orElse(""));
    }

    private static void show(WebSocketClient client) {
        HeartbeatHealth heartbeat = client.health().heartbeat();
        System.out.println("health " + client.health().status() + ", heartbeat " + heartbeat.type() + " answered "
                + heartbeat.answered() + " times");
    }

    /** Runs in a lane of its own, never on the connection's thread: it may take its time. */
    private static final class Ticker implements MessageListener {
        private final CountDownLatch missing;

        private Ticker(int wanted) {
            missing = new CountDownLatch(wanted);
        }

        @Override
        public void onMessage(Message message) {
            missing.countDown();
        }

        @Override
        public void onContinuity(Continuity continuity) {
            // After an interruption a book must be built anew; a ticker just goes on.
            System.out.println(continuity);
        }

        private void await() throws InterruptedException {
            missing.await();
        }
    }
}
