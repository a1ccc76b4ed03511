// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.ALLOWANCE;
import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.stays;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.Counts;
import io.holdfast.client.core.Phase;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.supervisor.group.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several clients of one group: what befalls one must not befall the others. */
class SupervisedScenariosTest {
    private static final String CHANNEL = "/generic/steady";

    private final Simulator steady =
            Simulator.start(SimulatorOptions.builder().rate(200).build());
    private final Simulator shaky =
            Simulator.start(SimulatorOptions.builder().rate(200).build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        shaky.close();
        steady.close();
    }

    private WebSocketClient steadyClient(OwnedClients clients) throws Exception {
        WebSocketClient client =
                clients.startClient(quick(steady.uri(CHANNEL)).id("steady").build(), seen, seen);
        get(client.opened());
        return client;
    }

    /** One socket, no event of a loss, every number once and in order. */
    private void assertUntouched(WebSocketClient client) {
        assertThat(client.state()).isEqualTo(ClientState.READY);
        steady.data().rate(CHANNEL, 0);
        until("delivery of what was sent", () -> seen.count() == steady.data().writtenCount(CHANNEL));
        assertThat(seen.numbers())
                .isNotEmpty()
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, steady.data().last(CHANNEL))
                                .boxed()
                                .toList());
        assertThat(steady.accepts()).isEqualTo(1);
        assertThat(seen.types()).doesNotContain(Type.LOST, Type.RECONNECTING, Type.EXITED);
    }

    private static ClientClosedException failure(WebSocketClient client) throws Exception {
        try {
            get(client.opened());
            throw new AssertionError("opened");
        } catch (ExecutionException e) {
            return (ClientClosedException) e.getCause();
        }
    }

    @Test
    @DisplayName("N1 a start that fails leaves the manager and the healthy client alone, and nothing tries on")
    void N1_aFailedStartTouchesNobody() throws Exception {
        Group group = house.group("g", Map.of());
        OwnedClients clients = house.supervisedBy(group);
        WebSocketClient healthy = steadyClient(clients);
        shaky.faults().refuse();

        WebSocketClient refused = clients.startClient(
                quick(shaky.uri("/generic/x"))
                        .id("refused")
                        .option("reconnect.attempts", "1")
                        .build(),
                m -> {});

        ClientClosedException failure = failure(refused);
        assertThat(failure.reason().kind()).isEqualTo(Cause.Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("refused").hasMessageContaining("after 1 attempts");
        assertThat(refused.state()).isEqualTo(ClientState.CLOSED);
        assertThat(refused.metrics().attempts()).isEqualTo(1);
        assertThat(clients.clients()).containsExactly(healthy);
        until(
                "end of the child",
                () -> group.status().children().stream()
                        .map(ChildStatus::id)
                        .toList()
                        .equals(List.of("steady")));
        shaky.faults().accept();
        stays("nothing tries on", Duration.ofMillis(600), () -> shaky.accepts() == 0);
        assertThat(get(group.countChildren())).isEqualTo(new Counts(1, 1));
        assertThat(group.status().children())
                .allSatisfy(c -> assertThat(c.restarts()).isZero());
        assertUntouched(healthy);
    }

    @Test
    @DisplayName("N2 the same with the default number of attempts: the error comes after the ladder, no orphan remains")
    void N2_aFailedLadderLeavesNoOrphan() throws Exception {
        Group group = house.group("g", Map.of());
        OwnedClients clients = house.supervisedBy(group);
        WebSocketClient healthy = steadyClient(clients);
        shaky.faults().refuse();
        Seen refusedSeen = new Seen();

        WebSocketClient refused =
                clients.startClient(quick(shaky.uri("/generic/x")).id("refused").build(), refusedSeen, refusedSeen);

        assertThat(failure(refused)).hasMessageContaining("after 10 attempts");
        assertThat(refused.metrics().attempts()).isEqualTo(10);
        refusedSeen.await(Type.CLOSED);
        assertThat(refusedSeen.events(Type.CONNECT_FAILED)).hasSize(10);
        shaky.faults().accept();
        stays("nothing tries on", Duration.ofMillis(600), () -> shaky.accepts() == 0);
        assertThat(group.status().alive()).isTrue();
        assertThat(get(group.countChildren())).isEqualTo(new Counts(1, 1));
        assertUntouched(healthy);
    }

    @Test
    @DisplayName(
            "N3 an endpoint that goes away for many ladders: the other client loses nothing, this one is back in time")
    void N3_anOutageOfOneEndpointStaysThere() throws Exception {
        // attempts x floor x intensity = 10 x 50 ms x 10 = 5 s > period, as the defaults have it at twenty times the
        // scale.
        Group group = house.group("g", Map.of("intensity", "10", "period", "4s"));
        OwnedClients clients = house.supervisedBy(group);
        WebSocketClient healthy = steadyClient(clients);
        Seen otherSeen = new Seen();
        WebSocketClient other =
                clients.startClient(quick(shaky.uri("/generic/x")).id("other").build(), otherSeen, otherSeen);
        get(other.opened());

        shaky.faults().refuse();
        shaky.faults().reset();
        otherSeen.await(Type.EXITED, 3);
        assertThat(otherSeen.types()).doesNotContain(Type.GIVEN_UP);
        long back = shaky.faults().accept().nanos();

        shaky.awaitOpenAfter(1, LIMIT);
        Duration maximum = Duration.ofMillis(200);
        long opened = shaky.session(shaky.accepts()).orElseThrow().record().openedNanos();
        assertThat(Duration.ofNanos(opened - back)).isLessThan(maximum.plus(ALLOWANCE));
        until("ready again", () -> other.state() == ClientState.READY);
        assertThat(otherSeen.events(Type.STARTED)).hasSizeGreaterThanOrEqualTo(4);
        until(
                "one end of one break",
                () -> otherSeen.continuity(Continuity.Resumed.class).size() == 1);
        assertUntouched(healthy);
    }

    @Test
    @DisplayName("N4 of 20 clients 19 crash-loop until they are given up; the 20th does not notice")
    void N4_crashLoopersAreTheirOwnTrouble() throws Exception {
        Group group = house.group("g", Map.of("intensity", "3", "period", "60s"));
        OwnedClients clients = house.supervisedBy(group);
        WebSocketClient healthy = steadyClient(clients);
        shaky.faults().refuse();

        List<WebSocketClient> looping = new ArrayList<>();
        List<Seen> loopingSeen = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            Seen mine = new Seen();
            loopingSeen.add(mine);
            looping.add(clients.startClient(
                    quick(shaky.uri("/generic/x"))
                            .id("loop" + i)
                            .option("reconnect.attempts", "1")
                            .option("initial.failure", "restart")
                            .build(),
                    mine,
                    mine));
        }

        until(
                "19 given up",
                () -> group.status().children().stream()
                                .filter(c -> c.state() == ChildStatus.State.GIVEN_UP)
                                .count()
                        == 19);
        assertThat(loopingSeen).allSatisfy(s -> {
            s.await(Type.GIVEN_UP);
            assertThat(s.events(Type.STARTED)).hasSize(4);
        });
        assertThat(looping).allSatisfy(c -> assertThat(c.state()).isEqualTo(ClientState.EXITED));
        assertThat(group.status().alive()).isTrue();
        assertThat(group.status().children())
                .filteredOn(c -> c.id().equals("steady"))
                .allSatisfy(c -> assertThat(c.state()).isEqualTo(ChildStatus.State.RUNNING))
                .hasSize(1);
        assertUntouched(healthy);
    }

    @Test
    @DisplayName("N19 a worker that crashes is restarted behind the same handle, with its open messages and its events")
    void N19_theHandleWorksAgainAfterACrash() throws Exception {
        String subscribe =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"ticker.BTC-PERPETUAL.100ms\"]}}";
        Group group = house.group("g", Map.of());
        OwnedClients clients = house.supervisedBy(group);
        WebSocketClient client = clients.startClient(
                quick(shaky.uri("/ws/api/v2"))
                        .id("crashing")
                        .heartbeat("deribit", Map.of())
                        .openMessage(subscribe, "\"id\":1")
                        .build(),
                seen,
                seen);
        get(client.opened());
        until("data", () -> seen.count() > 3);

        // The engine is made to fail while it connects anew; the connection is cut so that it gets there.
        house.observer = (id, before, input, after) -> {
            if (after == Phase.CONNECTING) {
                house.observer = TransitionObserver.NONE;
                throw new NullPointerException("made by the test");
            }
        };
        shaky.faults().reset();

        assertThat(seen.cause(Type.EXITED).kind()).isEqualTo(Cause.Kind.CRASH);
        seen.await(Type.READY, 2);
        assertThat(seen.await(Type.CONNECTED, 2).incarnation()).isGreaterThan(1);
        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(clients.clients()).containsExactly(client);
        int connection = shaky.accepts();
        assertThat(shaky.deribit().state(connection).subscriptions()).containsExactly("ticker.BTC-PERPETUAL.100ms");
        assertThat(shaky.deribit().state(connection).firstMethod()).isEqualTo("public/set_heartbeat");
        int before = seen.count();
        until("data again", () -> seen.count() > before + 3);
        client.send("{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"public/test\",\"params\":{}}")
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        until("the answer", () -> seen.texts().stream().anyMatch(t -> t.contains("\"id\":77")));
        assertThat(group.status().children())
                .singleElement()
                .satisfies(c -> assertThat(c.restarts()).isEqualTo(1));
    }
}
