// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.NotOpenException;
import io.holdfast.api.client.SendLimitException;
import io.holdfast.api.client.SendOptions;
import io.holdfast.client.sim.QuietLogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of users at a Binance that cuts whoever sends more than five frames in a second, pongs counted; on the virtual clock. */
@ExtendWith(QuietLogs.class)
class BinanceSendsTest {
    private static final String TOO_MANY = "more than 5 frames in a second";

    private final BinanceProcess process = new BinanceProcess(77);

    private static ClientOptions.Builder plain() {
        return ClientOptions.uri("wss://stream.binance.example/stream?streams=btcusdt@aggTrade")
                .id("c")
                .heartbeat("binance", Map.of())
                .option("reconnect.attempts", "0")
                .option("initial.failure", "restart");
    }

    private void ready(ClientOptions.Builder options) {
        process.client = process.clients().open(options.build(), process, process);
        process.seconds(5);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
    }

    private CompletableFuture<Void> send(int id, SendOptions how) {
        return process.client
                .send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":" + id + "}", how)
                .toCompletableFuture();
    }

    private List<CompletableFuture<Void>> flood(int count, SendOptions how) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(send(1_000_000 + i, how));
        }
        return all;
    }

    private static Throwable failure(CompletableFuture<Void> stage) {
        assertThat(stage).isCompletedExceptionally();
        Throwable failure = stage.handle((done, thrown) -> thrown).join();
        return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    }

    private long listed(BinancePeer peer) {
        return peer.methods.stream().filter("LIST_SUBSCRIPTIONS"::equals).count();
    }

    @Test
    @DisplayName("without a limit a flood is cut")
    void withoutALimitItIsCut() {
        ready(plain());
        flood(300, SendOptions.QUEUE);
        process.seconds(120);
        assertThat(process.binance.violations).contains(TOO_MANY);
        assertThat(process.binance.accepted).isGreaterThan(1);
        process.end();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName(
            "with the option or the exchange plugin's limit a flood of ten minutes never is, and every ping has its pong")
    void withALimitItIsNot(boolean plugin) {
        ready(
                plugin
                        ? BinanceProcess.streams(Map.of(), "btcusdt@aggTrade", "ethusdt@depth")
                        : plain().option("send.limit.messages", "5"));
        BinancePeer peer = process.binance.current();
        long before = listed(peer);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int minute = 0; minute < 10; minute++) {
            all.addAll(flood(170, SendOptions.QUEUE));
            process.seconds(60);
        }
        process.seconds(60);
        assertThat(process.binance.violations).isEmpty();
        assertThat(process.binance.accepted).isEqualTo(1);
        assertThat(all).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(listed(peer) - before).isGreaterThanOrEqualTo(1700);
        process.end();
    }

    @Test
    @DisplayName("rejected and delayed messages say which limit and when; those that went arrived")
    void rejectedAndDelayed() {
        ready(plain().option("send.limit.messages", "5"));
        assertThat(send(1, SendOptions.REJECT)).isNotCompletedExceptionally();
        assertThat(failure(send(2, SendOptions.REJECT)))
                .isInstanceOfSatisfying(SendLimitException.class, e -> {
                    assertThat(e.limit()).isEqualTo("send.limit.messages");
                    assertThat(e.allowedIn())
                            .hasValueSatisfying(
                                    d -> assertThat(d).isBetween(Duration.ofMillis(1), Duration.ofMillis(334)));
                })
                .hasMessageContaining("send.limit.messages");
        List<CompletableFuture<Void>> delayed = flood(30, SendOptions.delay(Duration.ofSeconds(3)));
        process.seconds(20);
        assertThat(delayed).allMatch(CompletableFuture::isDone);
        long went = delayed.stream().filter(s -> !s.isCompletedExceptionally()).count();
        assertThat(went).isBetween(8L, 10L);
        assertThat(failure(delayed.get(29))).isInstanceOf(SendLimitException.class);
        assertThat(listed(process.binance.current())).isEqualTo(1 + went);
        assertThat(process.binance.violations).isEmpty();
        process.end();
    }

    @Test
    @DisplayName("what a configuration says holds for messages that do not say")
    void patienceOfTheOptions() {
        ready(plain().option("send.limit.messages", "5").option("send.patience", "0s"));
        process.client.send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
        assertThat(failure(process.client
                        .send("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":2}")
                        .toCompletableFuture()))
                .isInstanceOf(SendLimitException.class);
        assertThat(send(3, SendOptions.QUEUE)).isNotCompletedExceptionally();
        process.seconds(5);
        assertThat(listed(process.binance.current())).isEqualTo(2);
        process.end();
    }

    @Test
    @DisplayName("what waits when the connection ends fails and is sent on no other")
    void notOverAReconnect() {
        ready(plain().option("send.limit.messages", "5"));
        BinancePeer first = process.binance.current();
        List<CompletableFuture<Void>> all = flood(100, SendOptions.QUEUE);
        process.seconds(4);
        first.cut();
        process.seconds(60);
        BinancePeer second = process.binance.current();
        assertThat(second).isNotSameAs(first);
        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(failure(all.get(99)))
                .isInstanceOfSatisfying(
                        NotOpenException.class, e -> assertThat(e.handedOver()).isFalse())
                .hasMessageContaining("waited for its limits");
        assertThat(all.stream().filter(s -> !s.isCompletedExceptionally()).count())
                .isBetween(10L, 20L);
        assertThat(listed(second)).isZero();
        process.end();
        assertThat(process.environment.pendingTimers()).isZero();
    }

    @Test
    @DisplayName(
            "a rotation: what waits leaves on the old connection before that ends, the new one has a pace of its own")
    void whatWaitsGoesBeforeARotatedConnectionEnds() {
        ready(plain().option("send.limit.messages", "5").option("rotate.drain", "30s"));
        BinancePeer first = process.binance.current();
        List<CompletableFuture<Void>> old = flood(40, SendOptions.QUEUE);
        process.client.rotate();
        process.seconds(5);
        assertThat(process.binance.open).hasSize(2).contains(first);
        BinancePeer second = process.binance.current();
        List<CompletableFuture<Void>> fresh = flood(10, SendOptions.QUEUE);
        process.seconds(5);
        assertThat(fresh).allMatch(s -> s.isDone() && !s.isCompletedExceptionally());
        process.seconds(30);
        assertThat(process.binance.open).containsExactly(second);
        assertThat(old).allMatch(s -> s.isDone() && !s.isCompletedExceptionally());
        assertThat(listed(first)).isEqualTo(40);
        assertThat(listed(second)).isEqualTo(10);
        assertThat(process.binance.violations).isEmpty();
        process.end();
    }

    @Test
    @DisplayName("subscriptions of the exchange plugin do not wait behind a flood of the same limit")
    void callsGoFirst() {
        ready(BinanceProcess.streams(Map.of(), "btcusdt@aggTrade"));
        List<CompletableFuture<Void>> all = flood(600, SendOptions.QUEUE);
        process.seconds(5);
        process.client.exchange().orElseThrow().subscribe(List.of("ethusdt@trade"));
        process.seconds(10);
        assertThat(process.binance.current().methods).contains("SUBSCRIBE");
        assertThat(all.get(599)).isNotDone();
        process.seconds(300);
        assertThat(all).allMatch(s -> s.isDone() && !s.isCompletedExceptionally());
        assertThat(process.binance.violations).isEmpty();
        process.end();
    }
}
