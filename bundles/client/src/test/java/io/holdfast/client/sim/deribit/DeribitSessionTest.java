// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.client.sim.QuietLogs;
import io.holdfast.exchange.deribit.DeribitCalls;
import io.holdfast.exchange.deribit.DeribitExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Deribit session on the virtual clock: calls, gaps, silence, log-in, limits, the going of its plugin. */
@ExtendWith(QuietLogs.class)
class DeribitSessionTest {
    private static final String BOOK = "book.BTC-PERPETUAL.100ms";
    private static final String OTHER = "book.ETH-PERPETUAL.100ms";
    private static final String TRADES = "trades.BTC-PERPETUAL.raw";

    private final DeribitProcess process = new DeribitProcess(7);

    private Exchange ready(ClientOptions.Builder options) {
        Exchange exchange = process.open(options);
        process.seconds(30);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
        return exchange;
    }

    private Exchange ready(String... channels) {
        return ready(DeribitProcess.options(channels));
    }

    private static CallFailedException failure(CompletableFuture<?> call) {
        assertThat(call).isCompletedExceptionally();
        Throwable e = call.handle((a, thrown) -> thrown).join();
        return (CallFailedException) (e instanceof CompletionException wrapped ? wrapped.getCause() : e);
    }

    private long lost() {
        return process.events.stream()
                .filter(e -> e.type() == ConnectionEvent.Type.LOST)
                .count();
    }

    // --- calls

    @Test
    @DisplayName("N13: an answer after seven seconds of thirty is an answer")
    void N13_anAnswerMayTakeLong() {
        Exchange exchange = ready(BOOK);
        process.deribit.slowest = Duration.ofSeconds(20);
        CompletableFuture<Answer> call =
                exchange.call(Call.of("private/get_positions", "{}")).toCompletableFuture();
        process.run(Duration.ofMillis(10));
        process.deribit.slowest = Duration.ofMillis(50);
        process.seconds(30);
        assertThat(call).isCompletedWithValueMatching(Answer::accepted);
    }

    @Test
    @DisplayName("D3, D15: many calls at once, answered in any order, each with its own")
    void D3_eachCallHasItsOwnAnswer() {
        Exchange exchange = ready(BOOK);
        process.deribit.slowest = Duration.ofSeconds(5);
        List<CompletableFuture<Answer>> calls = IntStream.range(0, 20)
                .mapToObj(i -> exchange.call(Call.of("private/buy", "{}")).toCompletableFuture())
                .toList();
        process.seconds(10);
        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(calls).extracting(c -> c.join().id()).doesNotHaveDuplicates();
        assertThat(process.deribit.orders).isEqualTo(20);
    }

    @Test
    @DisplayName("D12: calls without answer end together at their limit, outcome unknown, and the connection stays")
    void D12_callsEndAtTheirLimit() {
        Exchange exchange = ready(BOOK);
        process.deribit.unanswered = Optional.of("private/get_positions");
        List<CompletableFuture<Answer>> calls = IntStream.range(0, 5)
                .mapToObj(
                        i -> exchange.call(Call.of("private/get_positions", "").within(Duration.ofSeconds(4)))
                                .toCompletableFuture())
                .toList();
        process.seconds(3);
        assertThat(calls).noneMatch(CompletableFuture::isDone);
        process.seconds(2);
        assertThat(calls).allSatisfy(c -> assertThat(failure(c).outcome()).isEqualTo(Outcome.UNKNOWN));
        process.seconds(60);
        assertThat(lost()).isZero();
    }

    @Test
    @DisplayName("a pause of the process makes no call overdue that was answered meanwhile")
    void aPauseMakesNoCallOverdue() {
        Exchange exchange = ready(BOOK);
        CompletableFuture<Answer> call = exchange.call(
                        Call.of("private/get_positions", "").within(Duration.ofSeconds(2)))
                .toCompletableFuture();
        process.run(Duration.ofMillis(6));
        process.environment.pauseProcess(Duration.ofSeconds(9));
        process.seconds(20);
        assertThat(call).isCompletedWithValueMatching(Answer::accepted);
    }

    @Test
    @DisplayName(
            "D13: when the connection ends, each call ends once: sent ones with unknown outcome, and the report names them")
    void D13_callsEndWithTheConnection() {
        Exchange exchange = ready(BOOK);
        process.deribit.unanswered = Optional.of("private/buy");
        CompletableFuture<Answer> sent =
                exchange.call(Call.of("private/buy", "{}")).toCompletableFuture();
        List<CompletableFuture<Answer>> waiting = IntStream.range(0, 40)
                .mapToObj(i -> exchange.call(Call.of("private/sell", "{}")).toCompletableFuture())
                .toList();
        process.run(Duration.ofMillis(3));
        process.deribit.current().cut();
        process.seconds(60);
        assertThat(failure(sent).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(waiting).anySatisfy(c -> assertThat(failure(c).outcome()).isEqualTo(Outcome.NOT_SENT));
        Continuity.Resumed report = (Continuity.Resumed) process.continuity.stream()
                .filter(c -> c instanceof Continuity.Resumed)
                .findFirst()
                .orElseThrow();
        assertThat(report.unknown())
                .contains(new Continuity.UnknownCall(failure(sent).id(), "private/buy"));
        assertThat(report.channels()).containsExactly(BOOK);
        assertThat(report.span()).isPositive();
    }

    @Test
    @DisplayName(
            "D16, D18: digits are kept, errors are told with their code, a result that is no list is one all the same")
    void D16_digitsAreKept() {
        DeribitCalls deribit = new DeribitCalls(ready(BOOK));
        CompletableFuture<JsonElement> order =
                deribit.call("private/buy", new JsonObject()).toCompletableFuture();
        process.seconds(1);
        assertThat(order.join()
                        .getAsJsonObject()
                        .getAsJsonObject("order")
                        .get("order_id")
                        .getAsBigDecimal())
                .isEqualByComparingTo("9007199254740993");
        process.deribit.errors.put("private/sell", 10041);
        CompletableFuture<JsonElement> refused =
                deribit.call("private/sell", null).toCompletableFuture();
        process.seconds(1);
        assertThat(failure(refused).failure().orElseThrow().code()).isEqualTo("10041");
    }

    @Test
    @DisplayName(
            "calls beyond the credits wait, in order; with no patience they are rejected at once; none exceeds the limit")
    void limitsAreKept() {
        Exchange exchange = ready(BOOK);
        List<CompletableFuture<Answer>> queued = IntStream.range(0, 60)
                .mapToObj(i -> exchange.call(Call.of("private/buy", "{}")).toCompletableFuture())
                .toList();
        CompletableFuture<Answer> rejected = exchange.call(
                        Call.of("private/buy", "{}").waiting(Duration.ZERO))
                .toCompletableFuture();
        CompletableFuture<Answer> delayed = exchange.call(
                        Call.of("private/buy", "{}").waiting(Duration.ofSeconds(2)))
                .toCompletableFuture();
        process.run(Duration.ofMillis(200));
        assertThat(process.deribit.orders).isBetween(19L, 21L);
        assertThat(failure(rejected).outcome()).isEqualTo(Outcome.NOT_SENT);
        process.seconds(3);
        assertThat(failure(delayed).outcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(process.deribit.orders).isBetween(32L, 37L);
        process.seconds(10);
        assertThat(queued).allMatch(CompletableFuture::isDone);
        assertThat(process.deribit.orders).isEqualTo(60);
    }

    @Test
    @DisplayName("too many requests: nobody connects for three seconds, then with empty buckets")
    void tooManyRequestsAreWaitedFor() {
        Exchange exchange = ready(BOOK);
        long attempts = process.deribit.attempts;
        process.deribit.errors.put("private/get_positions", 10028);
        CompletableFuture<Answer> call =
                exchange.call(Call.of("private/get_positions", "")).toCompletableFuture();
        process.run(Duration.ofMillis(2_500));
        assertThat(failure(call).failure().orElseThrow().code()).isEqualTo("10028");
        assertThat(process.events)
                .anyMatch(
                        e -> e.cause().map(c -> c.kind() == Cause.Kind.LIMITED).orElse(false));
        assertThat(process.deribit.attempts).isEqualTo(attempts);
        process.seconds(30);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
    }

    // --- channels

    @Test
    @DisplayName("a gap is told before the message that shows it, and that book alone is subscribed anew, once")
    void aGapRenewsItsStreamAlone() {
        ready(BOOK, OTHER);
        DeribitPeer peer = process.deribit.current();
        int before = peer.methods.size();
        peer.loseOne(BOOK);
        process.seconds(20);
        assertThat(process.continuity.stream().filter(c -> c instanceof Continuity.Gap))
                .hasSize(1);
        Continuity.Gap gap = (Continuity.Gap) process.continuity.stream()
                .filter(c -> c instanceof Continuity.Gap)
                .findFirst()
                .orElseThrow();
        assertThat(gap.stream()).isEqualTo(BOOK);
        assertThat(gap.to() - gap.from()).isEqualTo(6);
        Object next = process.lane.get(process.lane.indexOf(gap) + 1);
        assertThat((String) next).contains("\"prev_change_id\":" + gap.to());
        assertThat(peer.methods.subList(before, peer.methods.size()))
                .containsExactly("public/unsubscribe", "public/subscribe");
        assertThat(process.channel(BOOK).gaps()).isEqualTo(1);
        assertThat(process.channel(BOOK).resubscribed()).isEqualTo(1);
        assertThat(process.channel(OTHER).resubscribed()).isZero();
        assertThat(process.channel(BOOK).state()).isEqualTo(State.PROVEN);
        assertThat(lost()).isZero();
    }

    @Test
    @DisplayName("gap after gap: not subscribed anew more often than exchange.retry says")
    void gapsArePaced() {
        ready(BOOK);
        DeribitPeer peer = process.deribit.current();
        for (int i = 0; i < 60; i++) {
            peer.loseOne(BOOK);
            process.seconds(5);
        }
        assertThat(peer.methods.stream().filter("public/unsubscribe"::equals).count())
                .isBetween(5L, 11L);
    }

    @Test
    @DisplayName(
            "a silent channel is subscribed anew alone, after three fruitless times it is an alarm; a quiet book is left alone")
    void aSilentChannelIsRenewed() {
        ready(DeribitProcess.options(BOOK, TRADES).option("exchange.silence", "trades.*=20s"));
        DeribitPeer peer = process.deribit.current();
        peer.silence(BOOK);
        peer.silence(TRADES);
        process.seconds(40);
        assertThat(process.channel(TRADES).resubscribed()).isEqualTo(1);
        assertThat(process.channel(TRADES).state()).isEqualTo(State.PROVEN);
        process.deribit.messageEvery = Duration.ofDays(1).toNanos();
        process.seconds(400);
        assertThat(process.channel(TRADES).state()).isEqualTo(State.STALE);
        assertThat(process.client.health().findings()).anyMatch(f -> f.contains(TRADES));
        assertThat(process.channel(BOOK).resubscribed()).isZero();
        assertThat(lost()).isZero();
    }

    @Test
    @DisplayName("a pause of the process makes no channel stale")
    void aPauseMakesNoChannelStale() {
        ready(DeribitProcess.options(TRADES).option("exchange.silence", "trades.*=20s"));
        process.environment.pauseProcess(Duration.ofMinutes(5));
        process.seconds(320);
        assertThat(process.channel(TRADES).resubscribed()).isZero();
    }

    @Test
    @DisplayName("a channel that cannot be is shown with its reason, and forgotten when it is not wanted any more")
    void impossibleChannels() {
        Exchange exchange = ready(BOOK);
        exchange.subscribe(List.of("no such channel"));
        process.seconds(1);
        assertThat(process.channel("no such channel").state()).isEqualTo(State.REFUSED);
        assertThat(process.channel("no such channel").reason()).contains("letters");
        exchange.unsubscribe(List.of("no such channel"));
        process.seconds(1);
        assertThat(exchange.channels()).hasSize(1);
        assertThat(process.deribit.current().subscribed).containsExactly(BOOK);
    }

    @Test
    @DisplayName("2,000 channels: batches of 500 within 32 kB and the credits")
    void manyChannels() {
        String[] names = IntStream.range(0, 2_000)
                .mapToObj(i -> "ticker.BTC-27NOV26-" + (10_000 + i) + "-C.100ms")
                .toArray(String[]::new);
        process.deribit.messageEvery = Duration.ofMinutes(10).toNanos();
        ready(names);
        assertThat(process.deribit.current().subscribed).hasSize(2_000);
        assertThat(process.deribit.current().methods.stream()
                        .filter("public/subscribe"::equals)
                        .count())
                .isBetween(4L, 10L);
    }

    // --- the log-in

    @Test
    @DisplayName("refreshed at 80 % of what the server said; refused, logged in again on the same connection")
    void theLogInIsRenewed() {
        ready(TRADES, "user.portfolio.btc");
        DeribitPeer peer = process.deribit.current();
        process.seconds(685);
        assertThat(peer.methods.stream().filter("public/auth"::equals)).hasSize(1);
        process.seconds(10 + 15);
        assertThat(peer.methods.stream().filter("public/auth"::equals)).hasSize(2);
        process.deribit.errors.put("public/auth", 13009);
        process.seconds(725);
        assertThat(peer.methods.stream().filter("public/auth"::equals)).hasSize(4);
        assertThat(lost()).isZero();
        assertThat(process.client.exchange().orElseThrow().loggedIn()).isTrue();
        assertThat(peer.subscribed).containsExactlyInAnyOrder(TRADES, "user.portfolio.btc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"private/buy", "public/get_time"})
    @DisplayName(
            "more calls than may be under way keep the session neither from renewing its log-in nor from asking for channels")
    void theSessionsOwnCallsGoFirst(String method) {
        Exchange exchange = ready(TRADES);
        DeribitPeer peer = process.deribit.current();
        process.deribit.unanswered = Optional.of(method);
        for (int i = 0; i < 5_000; i++) {
            exchange.call(Call.of(method, "").within(Duration.ofMinutes(30)));
        }
        process.seconds(750);
        assertThat(peer.methods.stream().filter(method::equals)).hasSizeGreaterThan(3_000);
        assertThat(peer.methods.stream().filter("public/auth"::equals)).hasSize(2);
        exchange.subscribe(List.of(OTHER));
        process.seconds(5);
        assertThat(process.channel(OTHER).state()).isEqualTo(State.PROVEN);
        assertThat(lost()).isZero();
    }

    @Test
    @DisplayName(
            "a refresh token that is refused as wrong is no wrong credential: logged in again on the same connection")
    void aRefusedRefreshTokenIsNoWrongCredential() {
        ready(TRADES, "user.portfolio.btc");
        DeribitPeer peer = process.deribit.current();
        process.deribit.errors.put("public/auth", 13004);
        process.seconds(725);
        assertThat(peer.methods.stream().filter("public/auth"::equals)).hasSize(3);
        assertThat(lost()).isZero();
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
        assertThat(process.client.exchange().orElseThrow().loggedIn()).isTrue();
        assertThat(peer.subscribed).containsExactlyInAnyOrder(TRADES, "user.portfolio.btc");
    }

    @Test
    @DisplayName("private calls without a log-in are refused with the exchange's words, and the connection stays")
    void wrongCallsCostNoConnection() {
        Exchange exchange = ready(DeribitProcess.options(BOOK).exchange("deribit", Map.of("auth", "none")));
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Answer> call =
                    exchange.call(Call.of("private/get_positions", "")).toCompletableFuture();
            process.seconds(5);
            assertThat(failure(call).outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(failure(call).failure().orElseThrow().code()).isEqualTo("13009");
        }
        assertThat(lost()).isZero();
        assertThat(process.deribit.attempts).isEqualTo(1);
        assertThat(process.channel(BOOK).resubscribed()).isZero();
    }

    @Test
    @DisplayName("a log-in that is lost twice within a minute ends the connection")
    void aLogInLostTwiceEndsTheConnection() {
        Exchange exchange = ready(TRADES);
        for (int i = 0; i < 2; i++) {
            process.deribit.current().forgetLogIn();
            exchange.call(Call.of("private/get_positions", ""));
            process.seconds(10);
        }
        assertThat(lost()).isEqualTo(1);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
    }

    // --- the plugin

    @Test
    @DisplayName(
            "the plugin goes and comes under a living connection: nothing is asked for twice, calls are answered again")
    void thePluginIsExchangedUnderALivingConnection() {
        DeribitProcess fresh = new DeribitProcess(8);
        DeribitExchange second = new DeribitExchange();
        DeribitExchange first = new DeribitExchange();
        fresh.services.exchanges().add(first, "deribit", "first", 10);
        Exchange exchange = fresh.open(DeribitProcess.options(BOOK, TRADES));
        fresh.seconds(30);
        DeribitPeer peer = fresh.deribit.current();
        int asked = peer.methods.size();
        fresh.services.exchanges().add(second, "deribit", "second", 20);
        fresh.seconds(5);
        fresh.services.exchanges().remove(first);
        fresh.services.exchanges().remove(second);
        fresh.seconds(5);
        CompletableFuture<Answer> call =
                exchange.call(Call.of("private/get_positions", "")).toCompletableFuture();
        exchange.subscribe(List.of(OTHER));
        fresh.seconds(60);
        assertThat(call).isCompletedWithValueMatching(Answer::accepted);
        assertThat(fresh.deribit.current()).isSameAs(peer);
        List<String> since = new ArrayList<>(peer.methods.subList(asked, peer.methods.size()));
        assertThat(since).containsExactlyInAnyOrder("private/get_positions", "public/subscribe");
        fresh.end();
        assertThat(fresh.environment.pendingTimers()).isZero();
    }

    @Test
    @DisplayName("without a plugin no connection is made; it comes, and the client is ready")
    void theFirstConnectWaitsForThePlugin() {
        Exchange exchange = process.open(DeribitProcess.options().option("exchange.type", "nobody"));
        process.seconds(60);
        assertThat(process.deribit.attempts).isZero();
        assertThat(exchange.type()).isEqualTo("nobody");
        process.services.exchanges().add(new DeribitExchange(), "nobody", "late", 0);
        process.seconds(30);
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
    }
}
