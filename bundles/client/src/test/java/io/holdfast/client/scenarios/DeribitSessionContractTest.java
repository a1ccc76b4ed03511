// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.api.transport.Secret;
import io.holdfast.exchange.deribit.DeribitCalls;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Log-in, subscriptions and calls at the simulated Deribit, over a socket. */
class DeribitSessionContractTest {
    private static final String PATH = "/ws/api/v2";
    private static final String BOOK = "book.BTC-PERPETUAL.raw";
    private static final String TRADES = "trades.BTC-PERPETUAL.raw";
    private static final String ORDERS = "user.orders.BTC-PERPETUAL.raw";
    private static final String TICKER = "ticker.BTC-PERPETUAL.100ms";

    private final Simulator simulator = Simulator.start(SimulatorOptions.builder()
            .heartbeatUnit(Duration.ofMillis(200))
            .rate(50)
            .client("tester", "planted-secret")
            .keepReceived(2_000)
            .expiresIn(3600)
            .build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private ClientOptions.Builder options(String auth, String... channels) {
        ClientOptions.Builder options = quick(simulator.uri(PATH));
        if (!auth.equals("none")) {
            options.option("credentials", "deribit");
            house.services
                    .credentials()
                    .add(name -> Map.of(
                            "exchange.client.id", Secret.of("tester".toCharArray()),
                            "exchange.client.secret", Secret.of("planted-secret".toCharArray())));
        }
        return options.heartbeat("deribit", Map.of("interval", "2s", "unit", "200ms", "round.trip", "10s"))
                .exchange("deribit", Map.of("auth", auth, "retry", "1s", "limit", "20s"))
                .option("exchange.channels", List.of(channels));
    }

    private static Exchange exchange(WebSocketClient client) {
        return client.exchange().orElseThrow();
    }

    private static ChannelStatus channel(WebSocketClient client, String name) {
        return exchange(client).channels().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void proven(WebSocketClient client, String... names) {
        until(
                "proof",
                () -> List.of(names).stream().allMatch(n -> channel(client, n).state() == State.PROVEN));
    }

    /** The methods the server received on a connection, in order, without heartbeats' answers. */
    private List<String> methods(int connection) {
        List<String> methods = new ArrayList<>();
        for (Received r : simulator.awaitOpen(1, LIMIT).get(0).number() == connection
                ? simulator.awaitOpen(1, LIMIT).get(0).received()
                : List.<Received>of()) {
            String method = r.text().replaceAll(".*\"method\":\"([^\"]+)\".*", "$1");
            if (!method.equals("public/test")) {
                methods.add(method);
            }
        }
        return methods;
    }

    @Test
    @DisplayName(
            "N31: hello, heartbeat, log-in, cancel-on-disconnect, then private, then public channels, on every connection")
    void N31_subscriptionsFollowTheLogIn() throws Exception {
        WebSocketClient client = house.ready(
                options("client_signature", BOOK, TRADES, ORDERS).option("exchange.cancel.on.disconnect", "connection"),
                seen);
        for (int i = 1; i <= 3; i++) {
            seen.await(Type.READY, i);
            assertThat(methods(i))
                    .containsExactly(
                            "public/hello",
                            "public/set_heartbeat",
                            "public/auth",
                            "private/enable_cancel_on_disconnect",
                            "private/subscribe",
                            "public/subscribe");
            assertThat(simulator.deribit().state(i).subscriptions()).isEqualTo(Set.of(BOOK, TRADES, ORDERS));
            assertThat(exchange(client).loggedIn()).isTrue();
            proven(client, BOOK, TRADES, ORDERS);
            simulator.faults().reset();
        }
    }

    @Test
    @DisplayName("a log-in that is answered late holds the subscriptions back")
    void aLateLogInHoldsTheSubscriptionsBack() {
        simulator.faults().on(PATH).withholdAnswers("public/auth");
        house.open(options("client_credentials", TRADES).option("exchange.limit", "2s"), seen);
        assertThat(seen.cause(Type.LOST).toString()).contains("log-in").contains("not answered within 2000 ms");
        assertThat(simulator.deribit().state(1).subscriptions()).isEmpty();
        simulator.faults().clear();
        seen.await(Type.READY);
    }

    @Test
    @DisplayName("wrong credentials end the client at once, and no text holds the secret")
    void wrongCredentialsAreNotTriedAgain() {
        house.services
                .credentials()
                .add(name -> Map.of(
                        "exchange.client.id", Secret.of("tester".toCharArray()),
                        "exchange.client.secret", Secret.of("wrong-planted".toCharArray())));
        house.open(options("client_credentials", TRADES), seen);
        Cause cause = seen.cause(Type.LOST);
        assertThat(cause.kind()).isEqualTo(Cause.Kind.REFUSED);
        assertThat(cause.message()).contains("13004").doesNotContain("wrong-planted");
        seen.await(Type.CLOSED);
        assertThat(simulator.accepts()).isEqualTo(1);
    }

    @Test
    @DisplayName("a credential that is missing is named")
    void aMissingCredentialIsNamed() {
        house.services.credentials().add(name -> Map.of("exchange.client.id", Secret.of("tester".toCharArray())));
        house.open(options("client_credentials", TICKER), seen);
        assertThat(seen.cause(Type.LOST).message()).contains("exchange.client.secret");
    }

    @Test
    @DisplayName("a channel that Deribit leaves out is shown, does not hold back the others, and is asked for again")
    void aDroppedChannelIsNoticed() throws Exception {
        WebSocketClient client = house.ready(options("none", TICKER, "tickr.BTC.100ms"), seen);
        proven(client, TICKER);
        ChannelStatus dropped = channel(client, "tickr.BTC.100ms");
        assertThat(dropped.state()).isEqualTo(State.REFUSED);
        assertThat(dropped.reason()).contains("left out");
        assertThat(client.health().findings()).anyMatch(f -> f.contains("tickr.BTC.100ms"));
    }

    @Test
    @DisplayName("raw channels without log-in are not asked for, so that they do not spoil the call of the others")
    void rawNeedsALogIn() throws Exception {
        WebSocketClient client = house.ready(options("none", BOOK, TICKER), seen);
        proven(client, TICKER);
        assertThat(channel(client, BOOK).state()).isEqualTo(State.REFUSED);
        assertThat(channel(client, BOOK).reason()).contains("log-in");
        assertThat(simulator.deribit().state(1).subscriptions()).containsExactly(TICKER);
    }

    @Test
    @DisplayName("a call that is refused as a whole is split until the channel that spoils it is found")
    void aRefusedCallIsSplit() throws Exception {
        simulator.faults().on(PATH).failRequests("public/subscribe", -32602, "Invalid params");
        WebSocketClient client =
                house.ready(options("none", TICKER, "ticker.ETH-PERPETUAL.100ms", "quote.BTC-PERPETUAL"), seen);
        assertThat(exchange(client).channels())
                .allMatch(c -> c.state() == State.REFUSED && c.reason().contains("-32602"));
        simulator.faults().clear();
        proven(client, TICKER, "ticker.ETH-PERPETUAL.100ms", "quote.BTC-PERPETUAL");
    }

    @Test
    @DisplayName("channels come and go at run time, and after a cut what is wanted is there once")
    void channelsComeAndGo() throws Exception {
        WebSocketClient client = house.ready(options("none", TICKER), seen);
        exchange(client).subscribe(List.of("quote.BTC-PERPETUAL", "quote.ETH-PERPETUAL"));
        proven(client, TICKER, "quote.BTC-PERPETUAL", "quote.ETH-PERPETUAL");
        exchange(client).unsubscribe(List.of(TICKER, "quote.BTC-PERPETUAL"));
        until("given back", () -> simulator.deribit().state(1).subscriptions().equals(Set.of("quote.ETH-PERPETUAL")));
        until("forgotten", () -> exchange(client).channels().size() == 1);
        simulator.faults().reset();
        seen.await(Type.READY, 2);
        assertThat(simulator.deribit().state(2).subscriptions()).containsExactly("quote.ETH-PERPETUAL");
    }

    @Test
    @DisplayName("messages of a book are missing: told in their place, and that book alone is subscribed anew")
    void aGapRenewsItsBookAlone() throws Exception {
        String book = "book.BTC-PERPETUAL.100ms";
        WebSocketClient client = house.ready(options("none", book, TICKER), seen);
        proven(client, book, TICKER);
        simulator.faults().silence(book);
        long before = seen.texts().size();
        until("other data", () -> seen.texts().size() > before + 10);
        simulator.faults().clear();
        until("the gap", () -> !seen.continuity(Continuity.Gap.class).isEmpty());
        Continuity.Gap gap =
                (Continuity.Gap) seen.continuity(Continuity.Gap.class).get(0);
        assertThat(gap.stream()).isEqualTo(book);
        assertThat(gap.to()).isGreaterThanOrEqualTo(gap.from());
        until(
                "the renewal",
                () -> channel(client, book).resubscribed() == 1
                        && channel(client, book).state() == State.PROVEN);
        assertThat(channel(client, TICKER).resubscribed()).isZero();
        assertThat(channel(client, TICKER).gaps()).isZero();
        assertThat(simulator.accepts()).isEqualTo(1);
        assertThat(simulator.deribit().state(1).subscriptions()).containsExactlyInAnyOrder(book, TICKER);
    }

    @Test
    @DisplayName("the log-in is refreshed at a part of its life, on the same connection")
    void theLogInIsRefreshed() throws Exception {
        try (Simulator brief = Simulator.start(SimulatorOptions.builder()
                .client("tester", "planted-secret")
                .expiresIn(1)
                .keepReceived(2_000)
                .build())) {
            house.ready(
                    options("client_credentials", TRADES)
                            .option("uri", brief.uri(PATH).toString()),
                    seen);
            until(
                    "three refreshes",
                    () -> brief.awaitOpen(1, LIMIT).get(0).received().stream()
                                    .filter(r -> r.text().contains("\"refresh_token\""))
                                    .count()
                            >= 3);
            assertThat(brief.accepts()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "the loss report: after a cut, before new data, the span, the channels and the calls nobody knows about")
    void theLossReport() throws Exception {
        WebSocketClient client = house.ready(options("client_credentials", BOOK, TRADES, ORDERS), seen);
        proven(client, BOOK, TRADES, ORDERS);
        simulator.faults().on(1).withholdAnswers("private/buy");
        JsonObject order = new JsonObject();
        order.addProperty("instrument_name", "BTC-PERPETUAL");
        CompletableFuture<JsonElement> buy =
                new DeribitCalls(exchange(client)).call("private/buy", order).toCompletableFuture();
        simulator.awaitOpen(1, LIMIT).get(0).awaitText(t -> t.contains("private/buy"), LIMIT);
        simulator.faults().reset();
        CallFailedException failed = failure(buy);
        assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN);
        seen.await(Type.READY, 2);
        until("the report", () -> seen.continuity(Continuity.Resumed.class).size() == 1);
        Continuity.Resumed resumed =
                (Continuity.Resumed) seen.continuity(Continuity.Resumed.class).get(0);
        assertThat(resumed.channels()).containsExactlyInAnyOrder(BOOK, TRADES, ORDERS);
        assertThat(resumed.unknown()).containsExactly(new Continuity.UnknownCall(failed.id(), "private/buy"));
        proven(client, BOOK, TRADES, ORDERS);
    }

    private static CallFailedException failure(CompletableFuture<?> call) {
        try {
            get(call);
        } catch (ExecutionException e) {
            return (CallFailedException) e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("the call was answered");
    }

    @Test
    @DisplayName(
            "N13: an answer that takes long, within the call's own limit, is an answer; other calls do not wait for it")
    void N13_anAnswerMayTakeLong() throws Exception {
        simulator.handle("/slow", session -> new ConnectionHandler() {
            @Override
            public void onText(Session s, String text) {
                String id = text.replaceAll(".*\"id\":(\"[^\"]+\").*", "$1");
                Duration after = Duration.ofMillis(text.contains("slow") ? 2_000 : 0);
                s.later(after, () -> s.text("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"done\"}"));
            }
        });
        WebSocketClient client = house.ready(
                options("none")
                        .option("uri", simulator.uri("/slow").toString())
                        .option("heartbeat.type", "none")
                        .option("exchange.hello", "false"),
                seen);
        DeribitCalls deribit = new DeribitCalls(exchange(client));
        CompletableFuture<JsonElement> slow = deribit.call("slow", null).toCompletableFuture();
        CompletableFuture<JsonElement> quick = deribit.call("quick", null).toCompletableFuture();
        assertThat(get(quick).getAsString()).isEqualTo("done");
        assertThat(get(slow).getAsString()).isEqualTo("done");
        assertThat(simulator.accepts()).isEqualTo(1);
    }

    @Test
    @DisplayName("D10: an answer that nobody waits for, to a message of the user's own, is the listener's")
    void D10_unmatchedAnswersAreDelivered() throws Exception {
        WebSocketClient client = house.ready(options("none", TICKER), seen);
        get(client.send("{\"jsonrpc\":\"2.0\",\"id\":4711,\"method\":\"public/get_time\"}"));
        get(client.send("{\"jsonrpc\":\"2.0\",\"id\":4712,\"method\":\"public/nonsense\"}"));
        until(
                "both",
                () -> seen.texts().stream()
                                .filter(t -> t.contains("\"id\":471"))
                                .count()
                        == 2);
        assertThat(seen.texts()).noneMatch(t -> t.contains("\"id\":\"hf"));
        assertThat(client.state()).isEqualTo(ClientState.READY);
    }

    @Test
    @DisplayName("D1: calls: answered, refused with the server's words, refused after the end")
    void D1_callsAreAnswered() throws Exception {
        WebSocketClient client = house.open(options("none", TICKER), seen);
        get(client.opened());
        DeribitCalls deribit = new DeribitCalls(exchange(client));
        assertThat(get(deribit.call("public/get_time", null)).getAsBigDecimal()).isPositive();
        CompletableFuture<JsonElement> unknown =
                deribit.call("public/nonsense", new JsonObject()).toCompletableFuture();
        assertThat(failure(unknown).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(failure(unknown).failure().orElseThrow().code()).isEqualTo("-32601");
        client.close();
        until("the end", () -> client.state() == ClientState.CLOSED);
        assertThatThrownBy(() -> get(deribit.call("public/get_time", null)))
                .hasCauseInstanceOf(CallFailedException.class)
                .hasMessageContaining("ended");
    }
}
