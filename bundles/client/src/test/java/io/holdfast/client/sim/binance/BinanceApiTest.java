// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.client.sim.QuietLogs;
import io.holdfast.exchange.binance.BinanceCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Binance's WebSocket API on the virtual clock: log-in, the account's events, calls, limits and bans. */
@ExtendWith(QuietLogs.class)
class BinanceApiTest {
    private static final int TIMES = Integer.getInteger("holdfast.cuts", 60);

    enum Cut {
        RESET,
        CLOSE,
        HALF_OPEN,
        DURING_SET_UP,
        LOG_IN_UNANSWERED,
        USER_DATA_UNANSWERED,
        KEY_TAKEN_BACK,
        EVENTS_TERMINATED,
        LIMITED,
        BANNED,
        SHUTDOWN_NOTICE,
        RECONNECT_ORDERED
    }

    private BinanceProcess process = new BinanceProcess(11);

    private Exchange ready() {
        Exchange exchange = process.open(BinanceProcess.api());
        process.seconds(30);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
        return exchange;
    }

    private CompletableFuture<Answer> call(String method) {
        return process.client
                .exchange()
                .orElseThrow()
                .call(Call.of(method, "{}"))
                .toCompletableFuture();
    }

    private static CallFailedException failure(CompletableFuture<?> call) {
        assertThat(call).isCompletedExceptionally();
        Throwable e = call.handle((a, thrown) -> thrown).join();
        return (CallFailedException) (e instanceof CompletionException wrapped ? wrapped.getCause() : e);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    @DisplayName("after a cut the client is logged in, its events are subscribed once, and each call has ended once")
    void afterACutTheAccountIsThereOnce(Cut cut) {
        process = new BinanceProcess(3000 + cut.ordinal());
        RandomGenerator random = process.environment.random();
        ready();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        AtomicInteger ends = new AtomicInteger();
        for (int i = 0; i < TIMES; i++) {
            for (int j = random.nextInt(4); j > 0; j--) {
                CompletableFuture<?> call = call("order.place");
                call.whenComplete((a, e) -> ends.incrementAndGet());
                calls.add(call);
            }
            process.run(Duration.ofMillis(random.nextInt(100)));
            apply(cut, random);
            settle();
            check(cut + " no. " + i);
        }
        process.end();
        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(ends).hasValue(calls.size());
        assertThat(process.environment.pendingTimers()).isZero();
    }

    private void apply(Cut cut, RandomGenerator random) {
        if (process.binance.open.isEmpty()) {
            return;
        }
        BinancePeer peer = process.binance.current();
        switch (cut) {
            case RESET -> peer.cut();
            case CLOSE -> peer.close(1001);
            case HALF_OPEN -> peer.goHalfOpen();
            case DURING_SET_UP -> {
                process.binance.cutAfterRequests = random.nextInt(3);
                peer.cut();
            }
            case LOG_IN_UNANSWERED -> unanswered(peer, "session.logon");
            case USER_DATA_UNANSWERED -> unanswered(peer, "userDataStream.subscribe");
            case KEY_TAKEN_BACK -> peer.api.revoke();
            case EVENTS_TERMINATED -> peer.api.terminate();
            case LIMITED -> {
                process.binance.errors.put(random.nextBoolean() ? "session.logon" : "time", refusal(429, 90));
                call("time");
                process.seconds(1);
                peer.cut();
            }
            case BANNED -> {
                process.binance.errors.put(random.nextBoolean() ? "session.logon" : "time", refusal(418, 120));
                call("time");
                process.seconds(1);
                peer.cut();
            }
            case SHUTDOWN_NOTICE -> {
                peer.send("{\"event\":{\"e\":\"serverShutdown\",\"E\":1}}");
                process.environment.world(random.nextLong(5_000_000_000L) + 1, () -> peer.close(1001));
            }
            case RECONNECT_ORDERED -> process.client.reconnect();
        }
    }

    private static String refusal(int status, int seconds) {
        return "{\"id\":${id},\"status\":" + status
                + ",\"error\":{\"code\":-1003,\"msg\":\"Too much request weight used\",\"data\":{\"serverTime\":1659142907531,\"retryAfter\":"
                + (1659142907531L + seconds * 1000L) + "}},\"rateLimits\":[]}";
    }

    private void unanswered(BinancePeer peer, String method) {
        process.binance.unanswered = Optional.of(method);
        peer.cut();
        process.seconds(8);
        process.binance.unanswered = Optional.empty();
    }

    private void settle() {
        for (int i = 0; i < 120; i++) {
            process.seconds(5);
            if (i >= 4
                    && process.client.state() == ClientState.READY
                    && process.binance.open.size() == 1
                    && process.binance.current().api.userData == 1
                    && process.client.exchange().orElseThrow().loggedIn()) {
                return;
            }
        }
    }

    private void check(String when) {
        assertThat(process.binance.violations).as(when).isEmpty();
        assertThat(process.client.state()).as(when).isEqualTo(ClientState.READY);
        assertThat(process.binance.open).as(when).hasSize(1);
        ApiScript server = process.binance.current().api;
        assertThat(server.loggedIn).as(when).isTrue();
        assertThat(server.userData).as(when).isEqualTo(1);
        assertThat(process.client.exchange().orElseThrow().loggedIn()).as(when).isTrue();
    }

    @Test
    @DisplayName("answers come in any order, each to its call, with all digits")
    void answersInAnyOrder() {
        BinanceCalls binance = new BinanceCalls(ready());
        process.binance.slowest = Duration.ofSeconds(5);
        List<CompletableFuture<String>> echoes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            JsonObject params = new JsonObject();
            params.addProperty("n", i);
            echoes.add(binance.call("time", params)
                    .thenApply(r ->
                            r.getAsJsonObject().getAsJsonObject("echo").get("n").getAsString())
                    .toCompletableFuture());
        }
        CompletableFuture<String> order = binance.call("order.place", new JsonObject())
                .thenApply(r ->
                        r.getAsJsonObject().get("orderId").getAsBigDecimal().toPlainString())
                .toCompletableFuture();
        process.seconds(60);
        for (int i = 0; i < echoes.size(); i++) {
            assertThat(echoes.get(i)).isCompletedWithValue("" + i);
        }
        assertThat(order).isCompletedWithValue("9007199254740993");
    }

    @Test
    @DisplayName("where the server limits, calls wait as long as it says, and the connection stays")
    void aLimitIsWaitedFor() {
        ready();
        BinancePeer peer = process.binance.current();
        process.binance.errors.put("time", refusal(429, 40));
        CompletableFuture<Answer> limited = call("time");
        process.seconds(1);
        assertThat(failure(limited).outcome()).isEqualTo(Outcome.REFUSED);
        CompletableFuture<Answer> next = call("time");
        process.seconds(35);
        assertThat(next).isNotDone();
        process.seconds(10);
        assertThat(next).isCompletedWithValueMatching(Answer::accepted);
        assertThat(process.binance.current()).isSameAs(peer);
    }

    @Test
    @DisplayName("while banned nobody connects, until the moment that the server named")
    void aBanIsObeyed() {
        ready();
        process.binance.errors.put("time", refusal(418, 600));
        call("time");
        process.seconds(10);
        long attempts = process.binance.attempts;
        process.seconds(580);
        assertThat(process.binance.attempts).isEqualTo(attempts);
        process.seconds(60);
        assertThat(process.binance.attempts).isGreaterThan(attempts);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
    }

    @Test
    @DisplayName("a key that is refused ends the client; it is not tried again")
    void aRefusedKeyEndsTheClient() {
        process.binance.errors.put(
                "session.logon",
                "{\"id\":${id},\"status\":401,\"error\":{\"code\":-2015,\"msg\":\"Invalid API-key\"},\"rateLimits\":[]}");
        process.open(BinanceProcess.api());
        process.seconds(600);
        assertThat(process.binance.attempts).isEqualTo(1);
        assertThat(process.client.state()).isNotEqualTo(ClientState.READY);
    }

    @Test
    @DisplayName("-1007: nobody knows what became of the order")
    void unknownOutcome() {
        ready();
        process.binance.errors.put(
                "order.place",
                "{\"id\":${id},\"status\":504,\"error\":{\"code\":-1007,\"msg\":\"Timeout\"},\"rateLimits\":[]}");
        CompletableFuture<Answer> order = call("order.place");
        process.seconds(5);
        assertThat(failure(order).outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
