// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.client.sim.QuietLogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * After each kind of cut, many times: what the server has subscribed is what is wanted, each once, and none was asked for
 * before the log-in. Each kind has a seed of its own, so a failure is replayed by its parameter.
 */
@ExtendWith(QuietLogs.class)
class DeribitCutsTest {
    private static final int TIMES = Integer.getInteger("holdfast.cuts", 100);

    enum Cut {
        RESET,
        CLOSE,
        HEARTBEAT_CLOSE,
        HALF_OPEN,
        DURING_SET_UP,
        MAINTENANCE,
        TOO_MANY_REQUESTS,
        LOG_IN_UNANSWERED,
        SUBSCRIPTION_UNANSWERED,
        LOG_IN_LOST,
        RECONNECT_ORDERED
    }

    private static final List<String> UNIVERSE = List.of(
            "book.BTC-PERPETUAL.raw",
            "book.ETH-PERPETUAL.100ms",
            "trades.BTC-PERPETUAL.raw",
            "ticker.BTC-PERPETUAL.100ms",
            "quote.BTC-PERPETUAL",
            "user.orders.BTC-PERPETUAL.raw",
            "user.portfolio.btc");

    private DeribitProcess process;
    private RandomGenerator random;

    @ParameterizedTest
    @EnumSource(Cut.class)
    @DisplayName("N31: after a cut the server has what is wanted, each once, and none before the log-in")
    void N31_whatIsWantedIsThereOnce(Cut cut) {
        process = new DeribitProcess(1000 + cut.ordinal());
        random = process.environment.random();
        Set<String> wanted = new LinkedHashSet<>(UNIVERSE.subList(0, 3));
        Exchange exchange = process.open(DeribitProcess.options(wanted.toArray(String[]::new)));
        settle();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        AtomicInteger ends = new AtomicInteger();
        for (int i = 0; i < TIMES; i++) {
            for (int j = random.nextInt(4); j > 0; j--) {
                CompletableFuture<?> call =
                        exchange.call(Call.of("private/buy", "{}")).toCompletableFuture();
                call.whenComplete((a, e) -> ends.incrementAndGet());
                calls.add(call);
            }
            process.run(Duration.ofMillis(random.nextInt(100)));
            change(exchange, wanted);
            apply(cut);
            process.run(Duration.ofMillis(random.nextInt(2_000)));
            change(exchange, wanted);
            settle();
            check(cut, i, wanted);
        }
        process.end();
        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(ends).hasValue(calls.size());
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
        if (process.deribit.open.isEmpty()) {
            // The cut meant for the set-up before came after it: the first call has met it.
            return;
        }
        DeribitPeer peer = process.deribit.current();
        switch (cut) {
            case RESET -> peer.cut();
            case CLOSE -> peer.close(List.of(1000, 1001, 1011, 1012).get(random.nextInt(4)));
            case HEARTBEAT_CLOSE -> peer.close(4000);
            case HALF_OPEN -> peer.goHalfOpen();
            case DURING_SET_UP -> {
                process.deribit.cutAfterRequests = random.nextInt(6);
                peer.cut();
            }
            case MAINTENANCE -> {
                process.deribit.refusedUntil = process.environment.nanoTime()
                        + Duration.ofSeconds(1 + random.nextInt(100)).toNanos();
                peer.close(1001);
            }
            case TOO_MANY_REQUESTS -> {
                process.deribit.errors.put(random.nextBoolean() ? "public/subscribe" : "public/auth", 10028);
                peer.cut();
            }
            case LOG_IN_UNANSWERED -> unanswered(peer, "public/auth");
            case SUBSCRIPTION_UNANSWERED ->
                unanswered(peer, random.nextBoolean() ? "public/subscribe" : "private/subscribe");
            case LOG_IN_LOST -> {
                peer.forgetLogIn();
                peer.subscribed.removeIf(c -> c.startsWith("user."));
                process.client.exchange().orElseThrow().call(Call.of("private/get_positions", "{}"));
            }
            case RECONNECT_ORDERED -> process.client.reconnect();
        }
    }

    private void unanswered(DeribitPeer peer, String method) {
        process.deribit.unanswered = Optional.of(method);
        peer.cut();
        process.seconds(8);
        process.deribit.unanswered = Optional.empty();
    }

    /** Long enough for every limit and back-off there is; then the channels have their say. */
    private void settle() {
        for (int i = 0; i < 60; i++) {
            process.seconds(5);
            if (i >= 4
                    && process.client.state() == ClientState.READY
                    && process.client.exchange().orElseThrow().channels().stream()
                            .allMatch(c -> c.state() == ChannelStatus.State.PROVEN)) {
                return;
            }
        }
    }

    private void check(Cut cut, int i, Set<String> wanted) {
        String when = cut + " no. " + i;
        assertThat(process.deribit.violations).as(when).isEmpty();
        assertThat(process.client.state()).as(when).isEqualTo(ClientState.READY);
        assertThat(process.deribit.open).as(when).hasSize(1);
        DeribitPeer peer = process.deribit.current();
        assertThat(peer.subscribed).as(when).containsExactlyInAnyOrderElementsOf(wanted);
        if (cut != Cut.LOG_IN_LOST) {
            assertThat(peer.askedTwice).as(when).isEmpty();
        }
        assertThat(process.client.exchange().orElseThrow().channels())
                .as(when)
                .extracting(ChannelStatus::name)
                .containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(process.client.exchange().orElseThrow().channels())
                .as(when)
                .allMatch(c -> c.state() == ChannelStatus.State.PROVEN && c.gaps() == 0);
    }

    /** One report after each break, before the first message of the connection it names. */
    private void checkReports(Cut cut) {
        List<Continuity> open = new ArrayList<>();
        long current = 1;
        int reports = 0;
        for (Object o : process.lane) {
            if (o instanceof Continuity.Interrupted i) {
                open.add(i);
            } else if (o instanceof Continuity.Resumed r) {
                assertThat(open).isNotEmpty();
                open.clear();
                current = r.connection();
                reports++;
            } else if (o instanceof String text) {
                assertThat(open)
                        .as("a message comes before the report: %s", text)
                        .isEmpty();
                assertThat(text).startsWith(current + " ");
            }
        }
        if (cut != Cut.LOG_IN_LOST) {
            assertThat(reports).isGreaterThanOrEqualTo(TIMES - TIMES / 20);
        }
        assertThat(process.messages).isPositive();
    }
}
