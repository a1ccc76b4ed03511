// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.ALLOWANCE;
import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Counters;
import io.holdfast.simulator.Faults;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.Upgrade;
import io.holdfast.transport.jetty.NamedTransport;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way to a connection, and the duties of RFC 6455 on it. */
class ConnectContractTest {
    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(0).build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    @Test
    @DisplayName("headers, path and query are seen by the server as they were given")
    void theRequestIsAsGiven() throws Exception {
        house.ready(
                quick(simulator.uri("/generic/a%20b?streams=x@depth/y@trade&n=1"))
                        .header("X-Venue", "one")
                        .header("X-Venue", "two")
                        .header("User-Agent", "test/1"),
                seen);
        house.ready(quick(simulator.uri("/generic/plain")).id("plain"), new Seen());

        Session first = simulator.session(1).orElseThrow();
        assertThat(first.request().path()).isEqualTo("/generic/a b");
        assertThat(first.request().query()).isEqualTo("streams=x@depth/y@trade&n=1");
        assertThat(first.request().headers().get("x-venue")).containsExactly("one", "two");
        assertThat(first.request().headers().get("user-agent")).containsExactly("test/1");
        assertThat(simulator.session(2).orElseThrow().request().query()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SILENT", "HALF"})
    @DisplayName("a server that accepts and does not answer the upgrade: CONNECT_TIMEOUT at connect.total")
    void connectTotalIsALimit(Upgrade.Kind kind) {
        // Long enough for the attempt to get as far as that.
        Duration total = Duration.ofSeconds(2);
        simulator.faults().upgrades(1, kind == Upgrade.Kind.SILENT ? Upgrade.silent() : Upgrade.half());
        house.open(quick(simulator.uri("/generic/x")).option("connect.total", "2s"), seen);

        Cause cause = seen.cause(Type.CONNECT_FAILED);
        assertThat(cause.kind()).isEqualTo(Cause.Kind.CONNECT_TIMEOUT);
        assertThat(cause.message()).contains("answer the upgrade");
        AcceptRecord record = simulator.awaitEnd(1, LIMIT);
        // The limit runs from the call, which is before the accept.
        assertThat(Duration.ofNanos(record.endedNanos() - record.acceptedNanos()))
                .isLessThan(total.plus(ALLOWANCE));
        seen.await(Type.READY);
    }

    static Stream<Arguments> brokenAnswers() {
        return Stream.of(
                Arguments.of("drop", Upgrade.drop(), Set.of(Cause.Kind.LOST)),
                // A reset may be there before the connect is noticed.
                Arguments.of("reset", Upgrade.reset(), Set.of(Cause.Kind.LOST, Cause.Kind.UNREACHABLE)),
                Arguments.of("half then drop", Upgrade.halfThenDrop(), Set.of(Cause.Kind.LOST)),
                Arguments.of("open then reset", Upgrade.openThenReset(), Set.of(Cause.Kind.LOST)),
                Arguments.of("500", Upgrade.refuse(500), Set.of(Cause.Kind.HTTP)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenAnswers")
    @DisplayName("an attempt that is cut at any step fails with its cause, and the next one succeeds")
    void brokenAnswersAreToldAndTriedAgain(String name, Upgrade upgrade, Set<Cause.Kind> kinds) throws Exception {
        simulator.faults().upgrades(1, upgrade);
        WebSocketClient client = house.open(quick(simulator.uri("/generic/x")), seen);
        simulator.awaitOpenAfter(1, LIMIT);
        until("ready", () -> client.state() == ClientState.READY);
        until("the cause told", () -> seen.has(Type.CONNECT_FAILED) || seen.has(Type.LOST));
        assertThat(seen.events().stream()
                        .filter(e -> e.type() == Type.CONNECT_FAILED || e.type() == Type.LOST)
                        .map(e -> e.cause().orElseThrow().kind()))
                .hasSize(1)
                .isSubsetOf(kinds);
        assertThat(simulator.accepts()).isEqualTo(2);
    }

    @Test
    @DisplayName("every address of a name is tried, in one attempt; the failure names them all")
    void everyAddressIsTried() throws Exception {
        // The whole of 127/8 is this machine, but the simulator listens on one address of it only.
        InetAddress[] addresses = new InetAddress[3];
        for (int i = 0; i < 3; i++) {
            addresses[i] = InetAddress.getByAddress("exchange.test", new byte[] {127, 0, 0, (byte) (3 - i)});
        }
        ClientOptions.Builder options = ClientOptions.uri("ws://exchange.test:" + simulator.port() + "/generic/x")
                .option("insecure", "true")
                .option("reconnect.attempts", "1");
        try (NamedTransport named = new NamedTransport(Map.of("exchange.test", addresses))) {
            house.services.transport().set(named);

            WebSocketClient client = house.ready(options.id("first"), seen);
            assertThat(client.metrics().attempts()).isEqualTo(1);
            assertThat(simulator.session(1).orElseThrow().request().header("host"))
                    .contains("exchange.test:" + simulator.port());
            client.close();
            seen.await(Type.CLOSED);

            simulator.faults().refuse();
            Seen refused = new Seen();
            house.open(options.id("second"), refused);
            assertThat(refused.cause(Type.CONNECT_FAILED).message()).contains("127.0.0.3", "127.0.0.2", "127.0.0.1");
            refused.await(Type.CLOSED);

            Seen unknown = new Seen();
            house.open(
                    ClientOptions.uri("ws://nowhere.test/")
                            .option("insecure", "true")
                            .option("reconnect.attempts", "1"),
                    unknown);
            assertThat(unknown.cause(Type.CONNECT_FAILED).kind()).isEqualTo(Cause.Kind.UNRESOLVED);
            unknown.await(Type.CLOSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "binance", "generic", ""})
    @DisplayName("a ping of the server is answered by exactly one pong with its payload, whatever the heartbeat")
    void pingsAreAnsweredOnce(String heartbeat) throws Exception {
        house.ready(quick(simulator.uri("/generic/x")).option("heartbeat.type", heartbeat), seen);
        Session session = simulator.session(1).orElseThrow();
        int pings = 20;
        for (int i = 0; i < pings; i++) {
            session.ping(("payload-" + i).getBytes(StandardCharsets.UTF_8));
        }
        session.ping(new byte[0]);
        session.ping(new byte[125]);
        until("all pongs", () -> session.counters().pongsMatched() == pings + 2);
        // Whatever else would come, came before the answer to this.
        session.text("last");
        until("the last text", () -> seen.count() == 1);
        Counters counters = session.counters();
        assertThat(counters.pongsMatched()).isEqualTo(pings + 2);
        assertThat(counters.pongsUnsolicited()).isZero();
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of("reserved opcode", (Consumer<Faults>) Faults::reservedOpcode, 1002),
                Arguments.of("invalid UTF-8", (Consumer<Faults>) Faults::invalidUtf8, 1007),
                Arguments.of("masked frame", (Consumer<Faults>) Faults::maskedFrame, 1002));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    @DisplayName("N25 a server that breaks the protocol is told so with the right code; the event says why")
    void N25_violationsAreToldWithTheirCode(String name, Consumer<Faults> fault, int code) throws Exception {
        WebSocketClient client = house.ready(quick(simulator.uri("/generic/x")), seen);

        fault.accept(simulator.faults().onOpen());

        Cause cause = seen.cause(Type.LOST);
        assertThat(cause.kind()).isEqualTo(Cause.Kind.PROTOCOL);
        assertThat(cause.code()).hasValue(code);
        assertThat(simulator.awaitEnd(1, LIMIT).closeCode()).isEqualTo(code);
        assertThat(seen.await(Type.RECONNECTING).delay()).isEqualTo(Duration.ofSeconds(5));
        get(client.close());
    }

    @Test
    @DisplayName("N26 a message above message.max.bytes: 1009 to the server, event, nothing of it delivered")
    void N26_oversizedMessagesAreRefused() throws Exception {
        WebSocketClient client =
                house.ready(quick(simulator.uri("/generic/x")).option("message.max.bytes", 100_000), seen);
        Session session = simulator.session(1).orElseThrow();
        session.text("x".repeat(100_000));
        session.fragments("x".repeat(60_000), "y".repeat(40_000));
        until("both at the limit", () -> seen.count() == 2);

        // The limit is broken by the last byte, so that nothing unread stands in the way of the answer.
        simulator.faults().onOpen().oversized(100_001);

        assertThat(seen.cause(Type.LOST).kind()).isEqualTo(Cause.Kind.PROTOCOL);
        assertThat(seen.cause(Type.LOST).code()).hasValue(1009);
        assertThat(simulator.awaitEnd(1, LIMIT).closeCode()).isEqualTo(1009);
        assertThat(seen.count()).isEqualTo(2);
        get(client.close());

        // A peer that goes on writing may lose the answer in the reset, but the connection ends all the same.
        Seen second = new Seen();
        WebSocketClient flooded = house.ready(
                quick(simulator.uri("/generic/x")).id("flooded").option("message.max.bytes", 100_000), second);
        simulator.faults().onOpen().oversized(64L * 1024 * 1024);
        assertThat(second.cause(Type.LOST).code()).hasValue(1009);
        simulator.awaitEnd(2, LIMIT);
        assertThat(second.count()).isZero();
        get(flooded.close());
    }

    @Test
    @DisplayName("N28 heartbeat-like and numbered JSON of a server that is no JSON-RPC is delivered like any message")
    void N28_foreignJsonIsDelivered() throws Exception {
        house.ready(quick(simulator.uri("/generic/x")).heartbeat("generic", Map.of("interval", "1s")), seen);
        List<String> texts = List.of(
                "{\"method\":\"heartbeat\"}",
                "{\"id\":7,\"data\":1}",
                "{\"method\":\"heartbeat\",\"params\":{\"type\":\"test_request\"}}");
        texts.forEach(simulator.session(1).orElseThrow()::text);
        until("all texts", () -> seen.count() == texts.size());
        assertThat(seen.texts()).isEqualTo(texts);
        assertThat(simulator.session(1).orElseThrow().counters().textIn()).isZero();
    }

    @Test
    @DisplayName("sub-protocols: offered in order, the server's choice is taken; wrong ones are refused by name")
    void subProtocolsAreOffered() throws Exception {
        try (Simulator choosy = Simulator.start(
                SimulatorOptions.builder().rate(0).protocols("v2.json").build())) {
            house.ready(quick(choosy.uri("/generic/x")).option("subprotocols", List.of("v3.sbe", "v2.json")), seen);
            assertThat(choosy.session(1).orElseThrow().request().protocols()).containsExactly("v3.sbe", "v2.json");
            assertThat(choosy.session(1).orElseThrow().protocol()).contains("v2.json");
            choosy.faults().reset();
            seen.await(Type.READY, 2);
            assertThat(choosy.session(2).orElseThrow().protocol()).contains("v2.json");
        }
        ClientOptions.Builder plain = ClientOptions.uri("ws://localhost/");
        for (List<String> wrong : List.of(List.of("a b"), List.of("a", "a"), List.of("a,b"))) {
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(() -> plain.option("subprotocols", wrong).build())
                    .withMessageContaining("'subprotocols'");
        }
    }
}
