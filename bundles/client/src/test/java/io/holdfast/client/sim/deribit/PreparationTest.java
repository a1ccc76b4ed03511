// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Prepared;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.Transport;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import io.holdfast.client.sim.QuietLogs;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exchange plugin that is asked before each attempt where to connect, and with what. */
@ExtendWith(QuietLogs.class)
class PreparationTest {
    private static final String BOOK = "book.BTC-PERPETUAL.100ms";

    private final PreparingExchange exchange = new PreparingExchange("a");
    private final DeribitProcess process = new DeribitProcess(5, exchange);
    private final List<ConnectRequest> requests = new ArrayList<>();

    PreparationTest() {
        Transport model = process.deribit;
        process.services.transport().set((request, listener) -> {
            requests.add(request);
            return model.connect(request, listener);
        });
    }

    @AfterEach
    void nothingIsLeftAndNoTokenWasShown() {
        assertThat(process.events.toString()).doesNotContain(PreparingExchange.TOKEN);
        assertThat(process.client.health().toString()).doesNotContain(PreparingExchange.TOKEN);
        assertThat(requests.toString()).doesNotContain(PreparingExchange.TOKEN);
        process.end();
        assertThat(process.environment.pendingTimers()).isZero();
        assertThat(process.environment.pendingTasks()).isZero();
        assertThat(process.deribit.open).isEmpty();
        assertThat(process.deribit.violations).isEmpty();
    }

    private static ClientOptions.Builder options() {
        return DeribitProcess.options(BOOK).option("reconnect.jitter", "0");
    }

    private void ready() {
        process.open(options());
        process.seconds(30);
        isReady();
    }

    private void isReady() {
        assertThat(process.client.state()).isEqualTo(ClientState.READY);
        assertThat(process.deribit.current().subscribed).containsExactly(BOOK);
    }

    private List<String> tokens() {
        return requests.stream()
                .map(r -> r.uri().getQuery().substring("token=".length()))
                .toList();
    }

    private static String text(Secret secret) {
        return secret.text();
    }

    private long count(Type type) {
        return process.events.stream().filter(e -> e.type() == type).count();
    }

    private List<Cause> failures() {
        return process.events.stream()
                .filter(e -> e.type() == Type.CONNECT_FAILED)
                .map(ConnectionEvent::cause)
                .map(c -> c.orElseThrow())
                .toList();
    }

    private void answer(CompletionStage<Prepared> stage) {
        exchange.answering((uri, token) -> stage);
    }

    private void answerAsItShould() {
        exchange.answering((uri, token) -> CompletableFuture.completedFuture(PreparingExchange.with(uri, token)));
    }

    // --- what it gives

    @Test
    @DisplayName("every connection has an address, a header and values of its own, in set-up and subscriptions too")
    void everyAttemptIsPreparedAnew() {
        ready();
        for (int i = 0; i < 3; i++) {
            process.deribit.current().cut();
            process.seconds(60);
            isReady();
        }
        List<String> tokens = List.of("hush-a1", "hush-a2", "hush-a3", "hush-a4");
        assertThat(tokens()).isEqualTo(tokens);
        assertThat(requests).extracting(r -> r.headers().get("X-Token").get(0)).isEqualTo(tokens);
        assertThat(exchange.sessions)
                .extracting(c -> text(c.get("token")))
                .as("in set-up")
                .isEqualTo(tokens);
        assertThat(exchange.sessions).allMatch(c -> c.containsKey("exchange.client.id"));
        assertThat(exchange.subscriptions)
                .extracting(c -> text(c.get("token")))
                .as("in subscriptions")
                .isEqualTo(tokens);
        assertThat(exchange.asked).extracting(c -> c.connection()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(exchange.asked)
                .allMatch(
                        c -> text(c.credentials().get("exchange.client.secret")).equals("right"))
                .extracting(c -> c.nonce())
                .doesNotHaveDuplicates();
        assertThat(count(Type.CONNECT_FAILED)).isZero();
    }

    @Test
    @DisplayName("the second connection of a rotation has a token of its own; one that fails leaves the old as it is")
    void duringARotation() {
        process.deribit.mostOpen = 2;
        ready();
        process.client.rotate();
        process.seconds(30);
        isReady();
        assertThat(process.client.metrics().rotations()).isEqualTo(1);
        answer(CompletableFuture.failedFuture(new IllegalStateException("the desk is closed for hush-0")));
        process.client.rotate();
        process.seconds(30);
        isReady();
        assertThat(count(Type.ROTATION_FAILED)).isPositive();
        assertThat(process.client.health().findings().toString())
                .contains("PREPARE: prepare: failed with java.lang.IllegalStateException");
        answerAsItShould();
        process.seconds(60);
        assertThat(process.client.metrics().rotations()).isEqualTo(2);
        assertThat(count(Type.LOST)).isZero();
        assertThat(tokens()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("the connection is lost while the one beside it is prepared: it goes on as the recovery")
    void inheritedWhilePrepared() {
        process.deribit.mostOpen = 2;
        ready();
        CompletableFuture<Prepared> late = new CompletableFuture<>();
        answer(late);
        process.client.rotate();
        process.seconds(5);
        process.deribit.current().cut();
        process.seconds(1);
        late.complete(PreparingExchange.with(options().build().uri(), "hush-late"));
        process.seconds(30);
        isReady();
        assertThat(tokens()).containsExactly("hush-a1", "hush-late");
    }

    // --- what goes wrong

    @Test
    @DisplayName("a stage that fails is a failed attempt, of which the exception's class alone is shown")
    void aStageThatFails() {
        answer(CompletableFuture.supplyAsync(
                () -> {
                    throw new IllegalArgumentException("hush-0 cannot be read");
                },
                Runnable::run));
        process.open(options());
        process.seconds(20);
        assertThat(failures()).hasSizeGreaterThan(2).allSatisfy(c -> {
            assertThat(c.kind()).isEqualTo(Cause.Kind.PREPARE);
            assertThat(c.message()).startsWith("prepare: failed with ").contains("java.lang.IllegalArgumentException");
        });
        assertThat(requests).isEmpty();
        answerAsItShould();
        process.seconds(60);
        isReady();
    }

    @Test
    @DisplayName("one that throws, however often, is a failed attempt and not out of use")
    void onesThatThrow() {
        exchange.answering((uri, token) -> {
            throw new LinkageError("hush-0");
        });
        process.open(options());
        process.seconds(60);
        assertThat(failures())
                .hasSizeGreaterThan(4)
                .allSatisfy(c -> assertThat(c.message()).isEqualTo("prepare: failed with java.lang.LinkageError"));
        exchange.answering((uri, token) -> null);
        process.seconds(60);
        assertThat(failures().get(failures().size() - 1).message()).isEqualTo("prepare: the plugin gave nothing");
        answer(CompletableFuture.completedFuture(null));
        process.seconds(60);
        assertThat(failures().get(failures().size() - 1).message()).isEqualTo("prepare: the plugin gave nothing");
        answerAsItShould();
        process.seconds(60);
        isReady();
    }

    @Test
    @DisplayName("one that hangs ends at its limit, and what comes after that is let go")
    void oneThatHangs() {
        CompletableFuture<Prepared> late = new CompletableFuture<>();
        answer(late);
        process.open(options());
        process.seconds(9);
        assertThat(process.client.state()).isEqualTo(ClientState.CONNECTING);
        assertThat(failures()).isEmpty();
        answerAsItShould();
        process.seconds(2);
        assertThat(failures()).singleElement().hasToString("PREPARE: prepare: no answer within 10000 ms");
        late.complete(PreparingExchange.with(options().build().uri(), "hush-late"));
        process.seconds(30);
        isReady();
        assertThat(tokens()).containsExactly("hush-a2");
        assertThat(late.getNumberOfDependents()).isZero();
    }

    @Test
    @DisplayName("the limit of attempts counts them")
    void theLimitOfAttempts() {
        answer(CompletableFuture.failedFuture(new java.io.IOException("down")));
        process.open(options().option("reconnect.attempts", "3").option("initial.failure", "remove"));
        process.seconds(120);
        assertThat(failures()).hasSize(3);
        assertThat(process.client.state()).isEqualTo(ClientState.CLOSED);
    }

    @Test
    @DisplayName("refused credentials end the client, in the exchange's words")
    void refused() {
        answer(CompletableFuture.completedFuture(
                new Prepared.Failed(Failure.of("400003", "KC-API-KEY not exists", Failure.Act.REFUSED))));
        process.open(options());
        process.seconds(60);
        assertThat(failures()).singleElement().hasToString("REFUSED: prepare: 400003 KC-API-KEY not exists");
        assertThat(exchange.asked).hasSize(1);
        assertThat(process.client.state()).isEqualTo(ClientState.CLOSED);
    }

    @Test
    @DisplayName("told to wait, nobody of the endpoint group connects before the pause is over")
    void toldToWait() {
        answer(CompletableFuture.completedFuture(new Prepared.Failed(
                new Failure("429000", "too many requests", Failure.Act.WAIT, Duration.ofSeconds(90)))));
        process.open(options());
        process.seconds(5);
        answerAsItShould();
        assertThat(process.services.endpoints().banned("deribit.example")).isPresent();
        process.seconds(80);
        assertThat(exchange.asked).hasSize(1);
        process.seconds(30);
        isReady();
        assertThat(failures()).singleElement().hasToString("LIMITED: prepare: 429000 too many requests");
    }

    @Test
    @DisplayName("when the endpoint group is banned while an attempt is prepared, it is not made before the ban ends")
    void bannedMeanwhile() {
        CompletableFuture<Prepared> slow = new CompletableFuture<>();
        answer(slow);
        process.open(options());
        process.seconds(3);
        process.services.endpoints().ban("deribit.example", Duration.ofSeconds(90), "HTTP 429");
        answerAsItShould();
        slow.complete(PreparingExchange.with(options().build().uri(), "hush-slow"));
        process.seconds(80);
        assertThat(requests).isEmpty();
        assertThat(failures()).singleElement().hasToString("LIMITED: banned since the attempt was permitted: HTTP 429");
        process.seconds(40);
        isReady();
        assertThat(tokens()).containsExactly("hush-a2");
    }

    @ParameterizedTest
    @CsvSource({
        "https://deribit.example/?token=hush-0, does not begin with ws:// or wss://",
        "/only/a/path?token=hush-0, does not begin with ws:// or wss://",
        "wss:opaque-hush-0, names no host",
        "wss://hush-0@deribit.example/, holds user information",
        "wss://deribit.example/#hush-0, has a fragment",
        "ws://deribit.example/?token=hush-0, is plain ws",
        "wss://elsewhere.example/?token=hush-0, leads to 'elsewhere.example'",
    })
    void addressesThatMayNotBe(URI bad, String why) {
        answer(CompletableFuture.completedFuture(Prepared.To.of(bad)));
        process.open(options());
        process.seconds(5);
        assertThat(failures()).isNotEmpty().allSatisfy(c -> {
            assertThat(c.kind()).isEqualTo(Cause.Kind.PREPARE);
            assertThat(c.message()).startsWith("prepare: ").contains(why);
        });
        assertThat(requests).isEmpty();
    }

    @Test
    @DisplayName(
            "another host is right where the operator has put both into one endpoint group, whose budget then holds")
    void anotherHostOfTheGroup() {
        process.services
                .endpoints()
                .configure(
                        "deribit",
                        EndpointGroupOptions.of(
                                Map.of("host.patterns", "*.example", "attempts", "4", "window", "60s")));
        exchange.answering((uri, token) -> CompletableFuture.completedFuture(
                PreparingExchange.with(URI.create("wss://Node7.Example:8443/ws"), token)));
        ready();
        assertThat(requests).extracting(r -> r.uri().getHost()).containsOnly("Node7.Example");
        for (int i = 0; i < 8; i++) {
            process.deribit.current().cut();
            process.seconds(5);
            if (process.deribit.open.isEmpty()) {
                break;
            }
        }
        assertThat(process.deribit.open).as("the window is used up").isEmpty();
        assertThat(exchange.asked).as("which bounds preparations, too").hasSize(requests.size());
        process.seconds(120);
        isReady();
    }

    // --- given up

    @Test
    @DisplayName("a client that is closed meanwhile waits for nobody, and what comes late changes nothing")
    void closedMeanwhile() {
        CompletableFuture<Prepared> late = new CompletableFuture<>();
        answer(late);
        process.open(options());
        process.seconds(3);
        process.client.close();
        process.seconds(1);
        assertThat(process.client.state()).isEqualTo(ClientState.CLOSED);
        assertThat(process.environment.pendingTimers()).isZero();
        late.complete(PreparingExchange.with(options().build().uri(), "hush-late"));
        process.seconds(5);
        assertThat(requests).isEmpty();
    }

    @Test
    @DisplayName("other options begin the attempt anew, and the answer to the former is let go")
    void redirectedMeanwhile() {
        CompletableFuture<Prepared> late = new CompletableFuture<>();
        answer(late);
        process.open(options());
        process.seconds(3);
        answerAsItShould();
        process.reconfigure("c", options().option("headers", List.of("X-Other: 1")));
        late.complete(PreparingExchange.with(options().build().uri(), "hush-late"));
        process.seconds(30);
        isReady();
        assertThat(tokens()).containsExactly("hush-a2");
        assertThat(count(Type.CONNECT_FAILED)).isZero();
    }

    // --- the plugin is replaced

    @Test
    @DisplayName("a plugin that is replaced while it prepares costs no attempt: its successor is asked")
    void replacedMeanwhile() {
        CompletableFuture<Prepared> late = new CompletableFuture<>();
        answer(late);
        process.open(options());
        process.seconds(3);
        process.services.exchanges().remove(exchange);
        process.seconds(3);
        PreparingExchange next = new PreparingExchange("b");
        process.services.exchanges().add(next, "deribit", "next", 0);
        late.complete(PreparingExchange.with(options().build().uri(), "hush-late"));
        process.seconds(30);
        isReady();
        assertThat(tokens()).containsExactly("hush-b1");
        assertThat(count(Type.CONNECTING)).isEqualTo(1);
        assertThat(count(Type.CONNECT_FAILED)).isZero();
    }

    @Test
    @DisplayName("without a plugin the attempt waits, and fails when none comes")
    void noneComes() {
        ready();
        process.services.exchanges().remove(exchange);
        process.deribit.current().cut();
        process.seconds(20);
        assertThat(failures())
                .isNotEmpty()
                .allSatisfy(c ->
                        assertThat(c.message()).isEqualTo("prepare: there is no exchange plugin of type 'deribit'"));
        process.services.exchanges().add(new PreparingExchange("b"), "deribit", "next", 0);
        process.seconds(60);
        isReady();
    }

    @Test
    @DisplayName("a plugin that is replaced while its steps are asked for costs no connection")
    void replacedInSetUp() {
        process.open(options());
        while (exchange.asked.isEmpty()) {
            process.run(Duration.ofMillis(1));
        }
        // What is asked from here on waits until the plugin has been replaced.
        process.environment.stall(Pool.PLUGIN, Duration.ofSeconds(2));
        process.seconds(1);
        assertThat(exchange.sessions).isEmpty();
        PreparingExchange next = new PreparingExchange("b");
        process.services.exchanges().remove(exchange);
        process.services.exchanges().add(next, "deribit", "next", 0);
        process.seconds(30);
        isReady();
        assertThat(count(Type.LOST)).isZero();
        assertThat(count(Type.CONNECT_FAILED)).isZero();
        assertThat(requests).hasSize(1);
        assertThat(next.sessions).hasSize(1);
    }
}
