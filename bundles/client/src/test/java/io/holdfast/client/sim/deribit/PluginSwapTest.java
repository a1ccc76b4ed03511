// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.client.sim.QuietLogs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One client whose exchange plugin is replaced under its living connection: what comes meanwhile is read by the next one. */
@ExtendWith(QuietLogs.class)
class PluginSwapTest {
    private static final String BOOK = "book.BTC-PERPETUAL.100ms";
    private static final Duration LIMIT = Duration.ofSeconds(4);

    private final NoticingExchange exchange = new NoticingExchange(Duration.ZERO);
    private final FeedListener user = new FeedListener();
    private DeribitProcess process;
    private WebSocketClient client;

    @BeforeEach
    void ready() {
        process = new DeribitProcess(9, exchange);
        process.deribit.mostOpen = 2;
    }

    private void open(ClientOptions.Builder options) {
        client = process.open(options, user, user);
        process.seconds(10);
        assertThat(client.state()).isEqualTo(ClientState.READY);
    }

    private void leaves() {
        process.services.exchanges().remove(exchange);
        process.run(Duration.ofMillis(10));
    }

    private void comes() {
        process.services.exchanges().add(new NoticingExchange(Duration.ZERO), "deribit", "next", 1);
        process.seconds(1);
    }

    private CompletableFuture<Answer> call() {
        return call(LIMIT);
    }

    private CompletableFuture<Answer> call(Duration limit) {
        return client.exchange()
                .orElseThrow()
                .call(Call.of("private/get_positions", "{}").within(limit))
                .toCompletableFuture();
    }

    private static CallFailedException failure(CompletableFuture<?> call) {
        try {
            call.join();
        } catch (CompletionException e) {
            return (CallFailedException) e.getCause();
        }
        throw new AssertionError("it was answered");
    }

    private void end() {
        assertThat(user.count(Type.LOST)).isZero();
        finish();
    }

    private void finish() {
        process.end();
        assertThat(process.environment.pendingTimers()).isZero();
        assertThat(process.deribit.open).isEmpty();
        assertThat(process.deribit.violations).isEmpty();
    }

    @Test
    @DisplayName("an answer that comes while the plugin is away waits for the next one, and the call for it")
    void answersWait() {
        open(DeribitProcess.options(BOOK));
        leaves();
        CompletableFuture<Answer> call = call();
        process.run(LIMIT.plusSeconds(1));
        assertThat(call).isNotDone();
        comes();
        assertThat(call).isCompleted();
        assertThat(call.join().result()).isEqualTo("\"ok\"");
        end();
    }

    @Test
    @DisplayName("a call is not judged while its answer waits behind what tells of another that was overdue before")
    void laterAnswersWaitToo() {
        open(DeribitProcess.options(BOOK));
        leaves();
        CompletableFuture<Answer> first = call();
        process.run(LIMIT.plusMillis(100));
        CompletableFuture<Answer> second = call(Duration.ofSeconds(1));
        process.run(Duration.ofMillis(1400));
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        comes();
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        end();
    }

    @Test
    @DisplayName("a call that was due later than another waits as long for the plugin that is to read its answer")
    void eachCallWaitsItsOwnTime() {
        open(DeribitProcess.options(BOOK));
        leaves();
        CompletableFuture<Answer> first = call();
        process.run(LIMIT.plusMillis(100));
        CompletableFuture<Answer> second = call(Duration.ofSeconds(1));
        process.run(Duration.ofMillis(5400));
        assertThat(failure(first).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(second).isNotDone();
        comes();
        assertThat(second).isCompleted();
        end();
    }

    @Test
    @DisplayName("a call whose answer nobody reads is unknown when connections would not wait for a plugin any more")
    void callsDoNotWaitForEver() {
        open(DeribitProcess.options(BOOK));
        leaves();
        CompletableFuture<Answer> call = call();
        process.run(LIMIT.plusSeconds(7));
        assertThat(failure(call).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure(call)).hasMessageContaining("the exchange plugin has not read what came");
        comes();
        CompletableFuture<Answer> next = call();
        process.seconds(1);
        assertThat(next).isCompleted();
        end();
    }

    @Test
    @DisplayName("a notice that comes while the plugin is away is heard by the next one")
    void eventsWait() {
        open(DeribitProcess.options(BOOK));
        leaves();
        process.deribit.current().send(NoticingExchange.SHUTDOWN);
        process.seconds(60);
        assertThat(user.count(Type.ROTATING)).isZero();
        comes();
        process.seconds(60);
        assertThat(user.count(Type.ROTATED)).isEqualTo(1);
        end();
    }

    @Test
    @DisplayName("a frame whose decoding the going plugin did not finish is decoded by the next one")
    void abandonedDecodingIsDoneAnew() {
        open(DeribitProcess.options(BOOK));
        exchange.onDecode = frame -> {
            exchange.onDecode = f -> {};
            process.services.exchanges().add(new NoticingExchange(Duration.ZERO), "deribit", "next", 1);
            throw new IllegalStateException("going");
        };
        process.deribit.slowest = Duration.ofNanos(2);
        List<CompletableFuture<Answer>> calls =
                IntStream.range(0, 3).mapToObj(i -> call()).toList();
        process.seconds(2);
        assertThat(calls).allMatch(c -> c.isDone() && !c.isCompletedExceptionally());
        end();
    }

    @Test
    @DisplayName(
            "a frame that the going plugin hangs on is decoded by the next one, although the old one comes back later")
    void hungDecodingIsDoneAnew() {
        open(DeribitProcess.options(BOOK));
        exchange.onDecode = frame -> {
            exchange.onDecode = f -> {};
            process.services.exchanges().add(new NoticingExchange(Duration.ZERO), "deribit", "next", 1);
            process.environment.hang(Duration.ofSeconds(2));
        };
        CompletableFuture<Answer> call = call();
        CompletableFuture<Answer> next = call();
        process.run(Duration.ofMillis(900));
        process.seconds(3);
        assertThat(call).isCompleted();
        assertThat(next).isCompleted();
        assertThat(client.health().findings().toString()).doesNotContain("hang").doesNotContain("exchange plugin:");
        end();
    }

    @Test
    @DisplayName("more than can wait fails the connection with its cause, and is not dropped silently")
    void tooMuchFailsTheConnection() {
        open(DeribitProcess.options(BOOK).option("reconnect.floor", "0ms"));
        leaves();
        DeribitPeer peer = process.deribit.current();
        for (int i = 0; i < 4096; i++) {
            peer.send(NoticingExchange.SHUTDOWN);
        }
        process.seconds(1);
        assertThat(user.count(Type.LOST)).isZero();
        peer.send(NoticingExchange.SHUTDOWN);
        process.seconds(1);
        assertThat(user.count(Type.LOST)).isEqualTo(1);
        assertThat(client.health().lastCause().toString())
                .contains("more answers and events came than can wait for an exchange plugin of type 'deribit'");
        comes();
        process.seconds(60);
        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(user.count(Type.ROTATING)).isZero();
        finish();
    }

    @Test
    @DisplayName("what waits of a connection that has ended is not read on the next one")
    void whatEndedIsForgotten() {
        open(DeribitProcess.options(BOOK));
        leaves();
        CompletableFuture<Answer> call = call();
        process.deribit.current().send(NoticingExchange.SHUTDOWN);
        process.seconds(1);
        process.deribit.current().cut();
        process.seconds(1);
        assertThat(failure(call).outcome()).isEqualTo(Outcome.UNKNOWN);
        comes();
        process.seconds(60);
        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(user.count(Type.ROTATING)).isZero();
        finish();
    }
}
