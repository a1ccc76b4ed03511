// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.client.sim.QuietLogs;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * After each kind of cut of market streams, many times: what the server has subscribed is what is wanted, each once, whether
 * it is asked for live or in the address. Each kind has a seed of its own, so a failure is replayed by its parameter.
 */
@ExtendWith(QuietLogs.class)
class BinanceCutsTest {
    private static final int TIMES = Integer.getInteger("holdfast.cuts", 60);

    enum Cut {
        RESET,
        CLOSE,
        HALF_OPEN,
        PINGS_END,
        DURING_SET_UP,
        MAINTENANCE,
        SUBSCRIPTION_UNANSWERED,
        LIST_UNANSWERED,
        NULL_LIES,
        ERROR_WITHOUT_ID,
        SHUTDOWN_NOTICE,
        RECONNECT_ORDERED,
        DURING_ROTATION
    }

    private static final List<String> UNIVERSE = List.of(
            "btcusdt@depth@100ms",
            "ethusdt@depth",
            "btcusdt@aggTrade",
            "ethusdt@trade",
            "!miniTicker@arr",
            "\u5e01\u5b89usdt@bookTicker",
            "bnbbtc@kline_1m");

    private BinanceProcess process;
    private RandomGenerator random;

    @ParameterizedTest
    @CsvSource({
        "RESET, live",
        "RESET, uri",
        "CLOSE, live",
        "CLOSE, uri",
        "HALF_OPEN, live",
        "HALF_OPEN, uri",
        "PINGS_END, live",
        "PINGS_END, uri",
        "DURING_SET_UP, live",
        "DURING_SET_UP, uri",
        "MAINTENANCE, live",
        "MAINTENANCE, uri",
        "SUBSCRIPTION_UNANSWERED, live",
        "LIST_UNANSWERED, live",
        "LIST_UNANSWERED, uri",
        "NULL_LIES, live",
        "ERROR_WITHOUT_ID, live",
        "SHUTDOWN_NOTICE, live",
        "SHUTDOWN_NOTICE, uri",
        "RECONNECT_ORDERED, live",
        "RECONNECT_ORDERED, uri",
        "DURING_ROTATION, live",
        "DURING_ROTATION, uri"
    })
    @DisplayName("N31: after a cut the server has what is wanted, each once")
    void N31_whatIsWantedIsThereOnce(Cut cut, String mode) {
        process = new BinanceProcess(2000 + 2L * cut.ordinal() + (mode.equals("uri") ? 1 : 0));
        random = process.environment.random();
        // So slow that data the address asks for comes before the engine knows of the connection.
        process.environment.stepCost(Duration.ofMillis(4).toNanos());
        Set<String> wanted = new LinkedHashSet<>(UNIVERSE.subList(0, 3));
        Exchange exchange =
                process.open(BinanceProcess.streams(Map.of("subscribe", mode), wanted.toArray(String[]::new)));
        settle();
        for (int i = 0; i < TIMES; i++) {
            process.run(Duration.ofMillis(random.nextInt(100)));
            change(exchange, wanted);
            apply(cut);
            process.run(Duration.ofMillis(random.nextInt(2_000)));
            change(exchange, wanted);
            settle();
            check(cut + " no. " + i, cut, wanted);
        }
        process.end();
        assertThat(process.client.state()).isEqualTo(ClientState.CLOSED);
        assertThat(process.environment.pendingTimers()).isZero();
        checkReports(cut);
    }

    private void change(Exchange exchange, Set<String> wanted) {
        String name = UNIVERSE.get(random.nextInt(UNIVERSE.size()));
        if (random.nextBoolean()) {
            wanted.add(name);
            exchange.subscribe(List.of(name));
        } else {
            wanted.remove(name);
            exchange.unsubscribe(List.of(name));
        }
    }

    private void apply(Cut cut) {
        if (process.binance.open.isEmpty()) {
            // The cut meant for the set-up before came after it: the first request has met it.
            return;
        }
        BinancePeer peer = process.binance.current();
        switch (cut) {
            case RESET -> peer.cut();
            case CLOSE -> peer.close(List.of(1000, 1001, 1008, 1011).get(random.nextInt(2)));
            case HALF_OPEN -> peer.goHalfOpen();
            case PINGS_END -> peer.stopPinging();
            case DURING_SET_UP -> {
                process.binance.cutAfterRequests = random.nextInt(4);
                peer.cut();
            }
            case MAINTENANCE -> {
                process.binance.refusedUntil = process.environment.nanoTime()
                        + Duration.ofSeconds(1 + random.nextInt(100)).toNanos();
                peer.close(1001);
            }
            case SUBSCRIPTION_UNANSWERED -> unanswered(peer, "SUBSCRIBE");
            case LIST_UNANSWERED -> unanswered(peer, "LIST_SUBSCRIPTIONS");
            case NULL_LIES -> {
                process.binance.lies = 1 + random.nextInt(3);
                peer.cut();
            }
            case ERROR_WITHOUT_ID -> {
                process.binance.errors.put(
                        "SUBSCRIBE", "{\"code\":2,\"msg\":\"Invalid request: too many parameters\"}");
                peer.cut();
            }
            case SHUTDOWN_NOTICE -> {
                peer.send("{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1}}");
                process.environment.world(random.nextLong(5_000_000_000L) + 1, () -> peer.close(1001));
            }
            case RECONNECT_ORDERED -> process.client.reconnect();
            case DURING_ROTATION -> {
                process.client.rotate();
                process.run(Duration.ofMillis(random.nextInt(60)));
                peer.cut();
            }
        }
    }

    private void unanswered(BinancePeer peer, String method) {
        process.binance.unanswered = Optional.of(method);
        peer.cut();
        process.seconds(8);
        process.binance.unanswered = Optional.empty();
    }

    /** Long enough for every limit and back-off there is; then the streams have their say. */
    private void settle() {
        for (int i = 0; i < 120; i++) {
            process.seconds(5);
            if (i >= 4
                    && process.client.state() == ClientState.READY
                    && process.binance.open.size() == 1
                    && process.client.exchange().orElseThrow().channels().stream()
                            .allMatch(c -> c.state() == ChannelStatus.State.PROVEN)) {
                return;
            }
        }
    }

    private void check(String when, Cut cut, Set<String> wanted) {
        assertThat(process.binance.violations).as(when).isEmpty();
        assertThat(process.client.state()).as(when).isEqualTo(ClientState.READY);
        assertThat(process.binance.open).as(when).hasSize(1);
        StreamsScript server = process.binance.current().streams;
        assertThat(server.subscribed).as(when).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(server.askedTwice).as(when).isEmpty();
        List<ChannelStatus> channels = process.client.exchange().orElseThrow().channels();
        assertThat(channels).as(when).extracting(ChannelStatus::name).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(channels).as(when).allMatch(c -> c.state() == ChannelStatus.State.PROVEN);
        assertThat(channels).as(when).allMatch(c -> c.gaps() == 0 || mayEndInAGap(cut));
    }

    /** The connection that was replaced may be cut before it has brought what its successor was opened too late for. */
    private static boolean mayEndInAGap(Cut cut) {
        return cut == Cut.DURING_ROTATION;
    }

    private long count(Type type) {
        return process.events.stream().filter(e -> e.type() == type).count();
    }

    /** Each loss is told, and the report of its end; between them no message comes. */
    private void checkReports(Cut cut) {
        boolean interrupted = false;
        int interruptions = 0;
        int reports = 0;
        for (Object o : process.lane) {
            if (o instanceof Continuity.Interrupted) {
                assertThat(interrupted).isFalse();
                interrupted = true;
                interruptions++;
            } else if (o instanceof Continuity.Resumed) {
                assertThat(interrupted).isTrue();
                interrupted = false;
                reports++;
            } else if (o instanceof String text) {
                assertThat(interrupted)
                        .as("a message comes before the report: %s", text)
                        .isFalse();
            } else if (o instanceof Continuity.Gap gap) {
                assertThat(mayEndInAGap(cut)).as("%s", gap).isTrue();
            }
        }
        assertThat(interruptions).isEqualTo(count(Type.LOST));
        // The last loss is the close.
        assertThat(reports).isEqualTo(interruptions - 1);
        if (cut == Cut.SHUTDOWN_NOTICE) {
            assertThat(count(Type.ROTATED)).isPositive();
            assertThat(count(Type.ROTATED) + reports)
                    .as("each notice is followed by a rotation or a loss")
                    .isGreaterThanOrEqualTo(TIMES);
        } else if (cut == Cut.DURING_ROTATION) {
            assertThat(reports).isPositive();
        } else {
            assertThat(reports).isPositive();
            assertThat(count(Type.ROTATED)).isZero();
        }
        assertThat(process.messages).isPositive();
    }
}
