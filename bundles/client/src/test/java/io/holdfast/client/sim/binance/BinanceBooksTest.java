// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.client.sim.QuietLogs;
import io.holdfast.exchange.binance.depth.DepthBook;
import io.holdfast.exchange.binance.depth.DepthBooks;
import io.holdfast.exchange.binance.depth.SnapshotSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Books joined from streams of one client and snapshots of another, on the virtual clock, with holes and cuts. */
@ExtendWith(QuietLogs.class)
class BinanceBooksTest implements DepthBooks.Listener {
    private static final String[] STREAMS = {"btcusdt@depth@100ms", "ethusdt@depth", "solusdt@depth"};
    private static final int TIMES = Integer.getInteger("holdfast.cuts", 60);

    private final BinanceProcess process = new BinanceProcess(21);
    private final Map<String, Long> shown = new LinkedHashMap<>();
    private long changes;
    private long stale;
    private long wrong;

    @Override
    public void onBook(DepthBook book) {
        Map<String, String> read = new TreeMap<>();
        book.bids().forEach((price, quantity) -> read.put(price.toPlainString(), quantity.toPlainString()));
        if (!read.equals(BookScript.at(book.position()))) {
            wrong++;
        }
        changes++;
        shown.put(book.stream(), book.position());
    }

    @Override
    public void onStale(DepthBook book, String reason) {
        assertThat(reason).isNotEmpty();
        stale++;
        shown.remove(book.stream());
    }

    private WebSocketClient start() {
        process.binance.messageEvery = Duration.ofMillis(800).toNanos();
        WebSocketClient api = process.openApi();
        process.also = new DepthBooks(SnapshotSource.of(api.exchange().orElseThrow(), 1000), this);
        process.open(BinanceProcess.streams(Map.of(), STREAMS));
        process.seconds(30);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
        assertThat(api.state()).isEqualTo(ClientState.READY);
        assertThat(shown).containsOnlyKeys(STREAMS);
        return api;
    }

    private long asked(WebSocketClient api) {
        return process.binance.open.stream()
                .filter(p -> p.api != null)
                .flatMap(p -> p.methods.stream())
                .filter("depth"::equals)
                .count();
    }

    @Test
    @DisplayName(
            "after holes, cuts of either connection, and failed calls each book is shown again, and never a wrong one")
    void holesAndCuts() {
        WebSocketClient api = start();
        RandomGenerator random = process.environment.random();
        for (int i = 0; i < TIMES; i++) {
            BinancePeer streams = process.binance.open.stream()
                    .filter(p -> p.streams != null)
                    .findFirst()
                    .orElseThrow();
            BinancePeer calls = process.binance.open.stream()
                    .filter(p -> p.api != null)
                    .findFirst()
                    .orElseThrow();
            switch (random.nextInt(5)) {
                case 0 -> streams.streams.loseOne(STREAMS[random.nextInt(STREAMS.length)]);
                case 1 -> streams.cut();
                case 2 -> {
                    streams.streams.loseOne(STREAMS[0]);
                    calls.cut();
                }
                case 3 -> {
                    process.binance.errors.put(
                            "depth",
                            "{\"id\":${id},\"status\":400,\"error\":{\"code\":-1000,\"msg\":\"no\"},\"rateLimits\":[]}");
                    streams.streams.loseOne(STREAMS[1]);
                }
                default -> streams.close(1001);
            }
            process.seconds(1 + random.nextInt(4));
            for (int wait = 0; wait < 60 && shown.size() < STREAMS.length; wait++) {
                process.seconds(5);
            }
            assertThat(shown).as("no. " + i).containsOnlyKeys(STREAMS);
            process.binance.errors.clear();
        }
        process.seconds(20);
        assertThat(wrong).isZero();
        assertThat(changes).isGreaterThan(TIMES);
        assertThat(stale).isPositive();
        assertThat(process.binance.violations).isEmpty();
        for (String stream : STREAMS) {
            assertThat(shown.get(stream)).isGreaterThan(50_093_239_189L);
        }
        process.end();
        assertThat(process.environment.pendingTimers()).isZero();
        assertThat(api.state()).isEqualTo(ClientState.CLOSED);
    }

    @Test
    @DisplayName("a rotation without a loss asks for no snapshot and hides no book")
    void rotation() {
        WebSocketClient api = start();
        long asked = asked(api);
        long hidden = stale;
        for (int i = 0; i < 5; i++) {
            process.client.rotate();
            process.seconds(30);
        }
        assertThat(process.continuity).noneMatch(Continuity.Interrupted.class::isInstance);
        assertThat(asked(api)).isEqualTo(asked);
        assertThat(stale).isEqualTo(hidden);
        assertThat(wrong).isZero();
        process.end();
    }
}
