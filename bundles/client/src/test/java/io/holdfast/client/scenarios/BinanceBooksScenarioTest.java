// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.client.Holdfast;
import io.holdfast.exchange.binance.depth.DepthBook;
import io.holdfast.exchange.binance.depth.DepthBooks;
import io.holdfast.exchange.binance.depth.DepthSnapshot;
import io.holdfast.exchange.binance.depth.SnapshotSource;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Books over real sockets: each is what the simulated exchange says it is, also after a hole and a cut. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class BinanceBooksScenarioTest {
    private static final String BOOK = "btcusdt@depth@100ms";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Map<Long, DepthBook> shown = new ConcurrentHashMap<>();
    private final AtomicInteger stale = new AtomicInteger();

    private final class Reader implements DepthBooks.Listener {
        @Override
        public void onBook(DepthBook book) {
            shown.put(book.position(), book.copy());
        }

        @Override
        public void onStale(DepthBook book, String reason) {
            stale.incrementAndGet();
        }
    }

    private static ClientOptions options(Simulator simulator, String id, String path, List<String> channels) {
        return ClientOptions.uri(simulator.uri(path).toString())
                .id(id)
                .heartbeat("binance", Map.of())
                .exchange("binance", Map.of())
                .option("exchange.channels", channels)
                .option("plugin.limit", "10s")
                .option("reconnect.floor", "20ms")
                .option("reconnect.initial", "20ms")
                .option("initial.failure", "restart")
                .build();
    }

    /** A snapshot and the book that was shown at its number are the same. */
    private void compare(SnapshotSource source) throws Exception {
        DepthSnapshot snapshot = source.ask("BTCUSDT").toCompletableFuture().get(60, TimeUnit.SECONDS);
        DepthBook expected = new DepthBook(BOOK, "BTCUSDT");
        expected.apply(snapshot);
        await().atMost(LIMIT).until(() -> shown.containsKey(snapshot.lastUpdateId()));
        DepthBook book = shown.get(snapshot.lastUpdateId());
        assertThat(book.bids()).isEqualTo(expected.bids()).isNotEmpty();
        assertThat(book.asks()).isEqualTo(expected.asks()).isNotEmpty();
    }

    @Test
    void aBookIsWhatTheExchangeSays() throws Exception {
        try (Simulator simulator = Simulator.start(SimulatorOptions.builder()
                        .rate(20)
                        .binanceMessageLimit(0)
                        .build());
                Holdfast holdfast = Holdfast.start()) {
            WebSocketClient api =
                    holdfast.clients().open(options(simulator, "api", "/ws-api/v3", List.of()), message -> {});
            SnapshotSource source = SnapshotSource.of(api.exchange().orElseThrow(), 1000);
            WebSocketClient books = holdfast.clients()
                    .open(options(simulator, "books", "/stream", List.of(BOOK)), new DepthBooks(source, new Reader()));
            await().atMost(LIMIT).until(() -> !shown.isEmpty());
            compare(source);

            int told = stale.get();
            simulator.faults().gap(BOOK, 2);
            await().atMost(LIMIT).until(() -> stale.get() > told);
            shown.clear();
            await().atMost(LIMIT).until(() -> !shown.isEmpty());
            compare(source);

            int toldAgain = stale.get();
            simulator.faults().on("/stream").reset();
            await().atMost(LIMIT).until(() -> stale.get() > toldAgain);
            shown.clear();
            await().atMost(LIMIT).until(() -> !shown.isEmpty());
            compare(source);
            books.close();
            api.close();
        }
    }
}
