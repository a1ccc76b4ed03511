// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.stays;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.Upgrade;
import io.holdfast.supervisor.group.Group;
import io.holdfast.transport.jetty.JettyTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One client and connections that end or never begin. */
class ReconnectScenariosTest {
    private final Simulator simulator = Simulator.start();
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private ClientClosedException failure(WebSocketClient client) throws Exception {
        try {
            get(client.opened());
            throw new AssertionError("opened");
        } catch (ExecutionException e) {
            return (ClientClosedException) e.getCause();
        }
    }

    @Test
    @DisplayName("N5 accept-then-close meets growing gaps, so attempts stay few")
    void N5_acceptThenCloseMeetsGrowingGaps() {
        simulator.faults().upgrades(Upgrade.openThenClose(1000, "go away"));
        house.open(
                quick(simulator.uri("/generic/x"))
                        .option("reconnect.initial", "100ms")
                        .option("reconnect.maximum", "800ms")
                        .option("reconnect.attempts", "0"),
                seen);

        simulator.awaitAccepts(6, LIMIT);

        List<AcceptRecord> log = simulator.acceptLog();
        long[] expected = {100, 200, 400, 800, 800};
        for (int i = 0; i < expected.length; i++) {
            Duration gap =
                    Duration.ofNanos(log.get(i + 1).acceptedNanos() - log.get(i).acceptedNanos());
            assertThat(gap).as("gap %d", i + 1).isGreaterThanOrEqualTo(Duration.ofMillis(expected[i]));
        }
        assertThat(seen.events(Type.RECONNECTING))
                .extracting(ConnectionEvent::attempt)
                .startsWith(2, 3, 4, 5, 6);
        assertThat(seen.cause(Type.LOST)).isEqualTo(Cause.of(Cause.Kind.SERVER_CLOSE, "go away", 1000));
    }

    @Test
    @DisplayName("without a floor every opened connection that is lost is replaced at once")
    void noFloor() {
        house.open(
                quick(simulator.uri("/generic/x"))
                        .option("reconnect.floor", "0ms")
                        .option("reconnect.stable.after", "0ms"),
                seen);
        for (int connections = 1; connections <= 3; connections++) {
            seen.await(Type.READY, connections);
            simulator.faults().reset();
        }

        seen.await(Type.READY, 4);

        assertThat(seen.events(Type.RECONNECTING)).isEmpty();
    }

    @Test
    @DisplayName("N6 a close code configured as fatal ends the client with code and reason, without a reconnect")
    void N6_fatalCloseCodesEndTheClient() throws Exception {
        for (int code : new int[] {1008, 4001}) {
            int before = simulator.accepts();
            Seen mine = new Seen();
            WebSocketClient client = house.ready(
                    quick(simulator.uri("/generic/x"))
                            .id("fatal" + code)
                            .option("close.fatal", List.of("1008", "4001")),
                    mine);

            simulator.faults().close(code, "not you");

            assertThat(mine.cause(Type.EXITED)).isEqualTo(Cause.of(Cause.Kind.REFUSED, "not you", code));
            mine.await(Type.CLOSED);
            assertThat(client.state()).isEqualTo(ClientState.CLOSED);
            assertThat(client.health().lastCause()).contains(Cause.of(Cause.Kind.REFUSED, "not you", code));
            stays("no reconnect", Duration.ofMillis(500), () -> simulator.accepts() == before + 1);
        }
    }

    @Test
    @DisplayName("N12 exhausted attempts: the error holds the last cause and their number")
    void N12_exhaustedAttemptsTellTheLastCause() throws Exception {
        simulator.faults().upgrades(2, Upgrade.refuse(500));
        simulator.faults().on("/generic").upgrades(Upgrade.refuse(502));

        ClientClosedException failure = failure(
                house.open(quick(simulator.uri("/generic/x")).id("n12").option("reconnect.attempts", "4"), seen));

        assertThat(failure.reason().kind()).isEqualTo(Cause.Kind.HTTP);
        assertThat(failure.reason().code()).hasValue(502);
        assertThat(failure)
                .hasMessageContaining("n12")
                .hasMessageContaining("502")
                .hasMessageContaining("after 4 attempts");
        assertThat(simulator.accepts()).isEqualTo(4);
        seen.await(Type.CLOSED);
        assertThat(seen.events(Type.CONNECT_FAILED))
                .extracting(e -> e.cause().orElseThrow().code().orElse(0))
                .containsExactly(500, 500, 502, 502);
    }

    @Test
    @DisplayName("N21 each state is told once, in order, with client id, cause, code, delay and attempt")
    void N21_eventsTellTheWholeLife() throws Exception {
        Group group = house.group("g", Map.of("intensity", "0"));
        OwnedClients clients = house.supervisedBy(group);
        WebSocketClient client = clients.startClient(
                quick(simulator.uri("/generic/x"))
                        .id("n21")
                        .option("heartbeat.type", "none")
                        .option("reconnect.attempts", "3")
                        .option("reconnect.stable.after", "1h")
                        .build(),
                seen,
                seen);
        get(client.opened());
        simulator.faults().close(4002, "shift ends");
        seen.await(Type.READY, 2);
        simulator.faults().refuse();
        simulator.faults().reset();
        seen.await(Type.GIVEN_UP);
        client.close();
        seen.await(Type.CLOSED);

        List<ConnectionEvent> events = seen.events();
        assertThat(seen.types())
                .containsExactly(
                        Type.SUPERVISED,
                        Type.STARTED,
                        Type.CONNECTING,
                        Type.CONNECTED,
                        Type.READY,
                        Type.LOST,
                        Type.RECONNECTING,
                        Type.CONNECTING,
                        Type.CONNECTED,
                        Type.READY,
                        Type.LOST,
                        Type.RECONNECTING,
                        Type.CONNECTING,
                        Type.CONNECT_FAILED,
                        Type.EXITED,
                        Type.GIVEN_UP,
                        Type.CLOSED);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).number()).isEqualTo(i + 1);
            assertThat(events.get(i).clientId()).isEqualTo("n21");
        }
        assertThat(events).extracting(ConnectionEvent::connection).isSorted().endsWith(3L);
        assertThat(events.get(5).cause()).contains(Cause.of(Cause.Kind.SERVER_CLOSE, "shift ends", 4002));
        assertThat(events.get(6).delay()).isEqualTo(Duration.ofMillis(50));
        assertThat(events.get(6).attempt()).isEqualTo(2);
        assertThat(events.get(10).cause().orElseThrow().kind()).isEqualTo(Cause.Kind.LOST);
        assertThat(events.get(11).delay()).isEqualTo(Duration.ofMillis(100));
        assertThat(events.get(11).attempt()).isEqualTo(3);
        assertThat(events.get(14).cause().orElseThrow().kind()).isEqualTo(Cause.Kind.UNREACHABLE);
        assertThat(events.get(16).cause().orElseThrow().kind()).isEqualTo(Cause.Kind.LOCAL_CLOSE);
    }

    @Test
    @DisplayName("N29 a transport that dies under its connections is a loss like any other")
    void N29_aDeadTransportIsALoss() throws Exception {
        WebSocketClient client = house.ready(quick(simulator.uri("/generic/x")), seen);

        try (JettyTransport second = new JettyTransport()) {
            house.services.transport().set(second);
            house.jetty.close();
            seen.await(Type.LOST);
            seen.await(Type.READY, 2);
            assertThat(client.state()).isEqualTo(ClientState.READY);
            get(client.send("over the second"));
            simulator.session(2).orElseThrow().awaitText("over the second"::equals, LIMIT);

            // Its threads interrupted one and all: a socket that is read just then is closed by the JDK.
            List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().startsWith("holdfast-transport"))
                    .toList();
            assertThat(threads).isNotEmpty();
            threads.forEach(Thread::interrupt);
            until("sending again", () -> {
                try {
                    client.send("after the interrupt").toCompletableFuture().get(1, TimeUnit.SECONDS);
                    return simulator.session(simulator.accepts()).orElseThrow().received().stream()
                            .anyMatch(r -> r.text().equals("after the interrupt"));
                } catch (ExecutionException | TimeoutException e) {
                    return false;
                }
            });
            until("one connection", () -> simulator.open().size() == 1);
            client.close();
            seen.await(Type.CLOSED);
        }
    }

    @Test
    @DisplayName("N23 a hundred clients dropped at once come back spread by jitter and within the attempt budget")
    void N23_aHundredClientsComeBackOneByOne() throws Exception {
        int clients = 100;
        Seen[] all = new Seen[clients];
        for (int i = 0; i < clients; i++) {
            all[i] = new Seen();
            house.open(
                    quick(simulator.uri("/generic/n23"))
                            .id("c" + i)
                            .option("reconnect.initial", "1s")
                            .option("reconnect.maximum", "1s")
                            .option("reconnect.jitter", "1")
                            .option("reconnect.floor", "1ms")
                            .option("reconnect.stable.after", "1ms"),
                    all[i]);
        }
        simulator.awaitOpen(clients, LIMIT);
        for (Seen s : all) {
            s.await(Type.READY);
        }
        int attempts = 40;
        Duration window = Duration.ofMillis(500);
        house.budget(Map.of("attempts", "" + attempts, "window", "500ms", "burst", "0"));

        simulator.faults().reset();

        simulator.awaitAccepts(2 * clients, LIMIT);
        for (Seen s : all) {
            s.await(Type.READY, 2);
        }
        List<Duration> delays = java.util.Arrays.stream(all)
                .flatMap(s -> s.events(Type.RECONNECTING).stream())
                .map(ConnectionEvent::delay)
                .sorted()
                .toList();
        assertThat(delays).hasSize(clients).allMatch(d -> d.compareTo(Duration.ofSeconds(1)) <= 0);
        for (int tenth = 0; tenth < 10; tenth += 2) {
            Duration from = Duration.ofMillis(100 * tenth);
            Duration to = Duration.ofMillis(100 * tenth + 200);
            assertThat(delays)
                    .as("delays from %s to %s", from, to)
                    .anyMatch(d -> d.compareTo(from) >= 0 && d.compareTo(to) < 0);
        }
        // 100 attempts at 40 per window need two whole windows more; one is left for attempts that were slow to arrive.
        List<AcceptRecord> log = simulator.acceptLog();
        long span = log.get(2 * clients - 1).acceptedNanos() - log.get(clients).acceptedNanos();
        assertThat(Duration.ofNanos(span)).isGreaterThanOrEqualTo(window);
        assertThat(simulator.accepts()).isEqualTo(2 * clients);
    }
}
