// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.yardstick;

import bench.Opts;
import bench.Sink;
import bench.WsAdapter;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.NotOpenException;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.benchmarks.ours.ExchangeHeartbeat;
import io.holdfast.benchmarks.ours.InFelix;
import io.holdfast.benchmarks.ours.Ours;
import io.holdfast.benchmarks.ours.PlainJava;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holdfast in the race. Spec: {@code holdfast?key=value&...}
 *
 * <ul>
 *   <li>{@code bare=true}: neither supervision nor heartbeat patterns
 *   <li>{@code deliver=bytes}: the listener takes bytes instead of text
 *   <li>{@code delivery=queued}: a lane of its own instead of the connection's thread
 *   <li>{@code engine=direct}: the own frame reader instead of Jetty's
 *   <li>{@code in=felix}: the bundles in a framework
 *   <li>{@code defaults=true}: back-off and attempts as shipped, where otherwise every attempt is made at once
 *   <li>any other key: a client option; {@code -} stands for {@code .}
 * </ul>
 *
 * <p>A lost connection is replaced by the client itself and resumed by {@code open.messages}: of the harness's own attempt to
 * reconnect only the completion is used.
 */
public final class HoldfastAdapter implements WsAdapter {
    private static final Set<String> OWN = Set.of("bare", "deliver", "delivery", "in", "defaults", "deflate", "engine");
    private static final String SUBSCRIBE = "\"public/subscribe\"";

    private final AtomicInteger number = new AtomicInteger();
    private final Map<Sink, Open> open = new ConcurrentHashMap<>();
    private Opts options;
    private boolean bytes;
    private Ours ours;

    @Override
    public void start(Opts given) throws Exception {
        options = given;
        bytes = options.get("deliver", "text").equals("bytes");
        boolean bare = options.b("bare", false);
        Map<String, Object> budget = Map.of("host.patterns", "*", "attempts", 1000, "window", "10ms", "burst", 1000);
        ours = options.get("in", "").equals("felix") ? new InFelix(bare, budget) : new PlainJava(bare, budget);
    }

    @Override
    public boolean deflate() {
        return options.get("engine", "core").equals("direct");
    }

    @Override
    public String version() {
        return "0.1";
    }

    @Override
    public void close() {
        ours.close();
    }

    @Override
    public CompletionStage<? extends Conn> connect(URI uri, Sink sink) {
        Open known = open.get(sink);
        return known != null ? known.again() : first(uri, sink);
    }

    private CompletionStage<Conn> first(URI uri, Sink sink) {
        ClientOptions.Builder builder = ClientOptions.uri(uri.toString()).id("c" + number.incrementAndGet());
        if (!options.get("delivery", "direct").equals("queued")) {
            builder.direct();
        }
        boolean beats = uri.getPath().startsWith("/heartbeat");
        builder.option(
                "heartbeat.type",
                options.b("bare", false) ? "none" : beats ? ExchangeHeartbeat.BEATING : ExchangeHeartbeat.QUIET);
        if (!options.b("defaults", false)) {
            builder.option("reconnect.floor", "0ms")
                    .option("reconnect.initial", "1ms")
                    .option("reconnect.maximum", "1ms");
            builder.option("reconnect.attempts", 0).option("reconnect.stable.after", "0ms");
        }
        if (uri.getPath().startsWith("/session")) {
            builder.openMessage("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":" + SUBSCRIBE
                    + ",\"params\":{\"channels\":[\"ticker.BTC-PERPETUAL.100ms\"]}}");
        }
        boolean direct = options.get("engine", "core").equals("direct");
        builder.option("transport.engine", direct ? "direct" : "core");
        if (options.b("deflate", false)) {
            builder.option("transport.compression", true);
        }
        options.map.forEach((key, value) -> {
            if (!key.isEmpty() && !OWN.contains(key)) {
                builder.option(key.replace('-', '.'), value);
            }
        });
        boolean reconnects = uri.getPath().startsWith("/session");
        Open mine = new Open(sink);
        if (reconnects) {
            open.put(sink, mine);
        }
        mine.client = ours.open(builder.build(), bytes ? new Bytes(sink, mine) : new Text(sink, mine));
        mine.client.opened().whenComplete((v, failure) -> {
            if (failure == null) {
                mine.usable();
            } else {
                mine.next.completeExceptionally(failure);
            }
        });
        return mine.next;
    }

    /** One client; the harness sees each of its connections as one. */
    private static final class Open implements Conn {
        private final Sink sink;
        private volatile WebSocketClient client;
        private volatile CompletableFuture<Conn> next = new CompletableFuture<>();

        private Open(Sink sink) {
            this.sink = sink;
        }

        private CompletionStage<Conn> again() {
            return next;
        }

        /** The harness takes its connection now: before it is told of the first data, which may come sooner than our stage. */
        private void usable() {
            if (!next.isDone()) {
                next.complete(this);
            }
        }

        private void continuity(Continuity event) {
            if (event instanceof Continuity.Interrupted i) {
                next = new CompletableFuture<>();
                sink.onClosed(i.cause().toString());
            } else if (event instanceof Continuity.Resumed) {
                usable();
            }
        }

        @Override
        public void send(String text) {
            if (text.contains(SUBSCRIBE)) {
                return; // the client has done it
            }
            // Its first data may be here a moment before the client knows that it is ready.
            while (client.state() != ClientState.READY) {
                if (client.state() == ClientState.CLOSED) {
                    throw new IllegalStateException("the client has ended: " + client.health());
                }
                Thread.onSpinWait();
            }
            client.send(text).whenComplete((v, failure) -> {
                if (failure instanceof NotOpenException) {
                    failure.printStackTrace();
                }
            });
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private record Text(Sink sink, Open open) implements MessageListener {
        @Override
        public void onMessage(Message message) {
            open.usable();
            sink.onText(message.text());
        }

        @Override
        public void onContinuity(Continuity event) {
            open.continuity(event);
        }
    }

    private record Bytes(Sink sink, Open open) implements MessageListener {
        @Override
        public void onMessage(Message message) {
            open.usable();
            sink.onUtf8(message.bytes());
        }

        @Override
        public void onContinuity(Continuity event) {
            open.continuity(event);
        }
    }
}
