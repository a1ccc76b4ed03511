// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.stays;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.Upgrade;
import io.holdfast.simulator.UpgradeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Part 1, B to H: what no other scenario shows. */
class PartOneScenariosTest {
    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(0).build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private ClientOptions.Builder echo() {
        return quick(simulator.uri("/generic/echo")).id("one");
    }

    @Test
    @DisplayName("B5 a path without query has none at the server")
    void B5_noQueryIsNoQuery() throws Exception {
        house.ready(quick(simulator.uri("/generic/plain")), seen);
        UpgradeRequest request = simulator.session(1).orElseThrow().request();
        assertThat(request.path()).isEqualTo("/generic/plain");
        assertThat(request.query()).isEmpty();
    }

    @Test
    @DisplayName(
            "B9 TCP accepted, never answered, two attempts: the stage fails with the last cause and their number; no thread of the caller's waits")
    void B9_neverAnsweredEndsTheStage() {
        simulator.faults().upgrades(Upgrade.silent());
        WebSocketClient client =
                house.open(echo().option("reconnect.attempts", "2").option("connect.total", "200ms"), seen);
        assertThatThrownBy(() -> get(client.opened()))
                .cause()
                .isInstanceOfSatisfying(ClientClosedException.class, e -> {
                    assertThat(e.reason().kind()).isEqualTo(Cause.Kind.CONNECT_TIMEOUT);
                });
        assertThat(simulator.accepts()).isEqualTo(2);
    }

    @Test
    @DisplayName("B14 every opening is told with client, attempt and the times from which its length follows")
    void B14_openingIsTold() throws Exception {
        house.ready(echo(), seen);
        ConnectionEvent connecting = seen.await(Type.CONNECTING);
        ConnectionEvent connected = seen.await(Type.CONNECTED);
        assertThat(connected.clientId()).isEqualTo("one");
        assertThat(connected.attempt()).isEqualTo(connecting.attempt());
        assertThat(connected.at()).isAfterOrEqualTo(connecting.at());
    }

    @Test
    @DisplayName("B15 who asks while it connects is told when it opens; who asks an open one, at once")
    void B15_openedIsToldToAll() throws Exception {
        simulator.faults().upgrades(1, Upgrade.accept().after(Duration.ofSeconds(1)));
        WebSocketClient client = house.open(echo(), seen);
        CompletableFuture<?> early = client.opened().toCompletableFuture();
        assertThat(early).isNotDone();
        get(early);
        assertThat(client.opened().toCompletableFuture()).isCompleted();
    }

    @Test
    @DisplayName("C15 what the user sends goes out as it is, malformed JSON too; the connection stays")
    void C15_malformedJsonIsSentAsItIs() throws Exception {
        WebSocketClient client = house.ready(echo(), seen);
        get(client.send("{\"half\": "));
        get(client.send("{\"whole\":1}"));
        until("both back", () -> seen.count() == 2);
        assertThat(seen.texts()).containsExactly("{\"half\": ", "{\"whole\":1}");
        assertThat(simulator.accepts()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "E1 E3 E4 the server goes and comes back on its port: the same handle, listener and request, and echo works")
    void E1_E3_E4_theServerComesBack() throws Exception {
        WebSocketClient client = house.ready(echo().header("X-Mine", "1").openMessage("hello"), seen);
        until("the first hello", () -> seen.count() == 1);
        simulator.faults().refuse();
        simulator.faults().reset();
        seen.await(Type.CONNECT_FAILED);
        simulator.faults().accept();
        seen.await(Type.READY, 2);
        get(client.send("again"));
        until("the echo", () -> seen.texts().equals(List.of("hello", "hello", "again")));
        List<UpgradeRequest> requests = simulator.acceptLog().stream()
                .filter(a -> a.status() == 101)
                .map(a -> simulator.session(a.number()).orElseThrow().request())
                .toList();
        assertThat(requests).hasSize(2);
        assertThat(requests).extracting(UpgradeRequest::path).containsOnly("/generic/echo");
        assertThat(requests).extracting(r -> r.header("X-Mine")).containsOnly(java.util.Optional.of("1"));
    }

    @Test
    @DisplayName("E6 one close, one reconnect; the limit of an older attempt does not end a newer one before its time")
    void E6_anOldLimitEndsNoNewAttempt() throws Exception {
        house.ready(echo().option("connect.total", "3s").option("reconnect.attempts", "0"), seen);
        stays("open", Duration.ofMillis(2_100), () -> !seen.has(Type.LOST));
        simulator.faults().upgrades(Upgrade.silent());
        simulator.faults().onOpen().close(1001, "restart");
        simulator.awaitAccepts(3, LIMIT);
        List<AcceptRecord> log = simulator.acceptLog();
        assertThat(seen.events(Type.LOST)).hasSize(1);
        // The old limit would end it after 900 ms, its own after 3 s; it may have begun a while before it was accepted.
        assertThat(Duration.ofNanos(log.get(2).acceptedNanos() - log.get(1).acceptedNanos()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(2_100));
        simulator.faults().upgrades(Upgrade.accept());
        seen.await(Type.READY, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 0})
    @DisplayName("E9 E10 one attempt and no more: after the loss the client ends with its cause, nothing is tried")
    void E9_E10_withoutReconnectItEnds(int code) throws Exception {
        house.ready(echo().option("reconnect.attempts", "1"), seen);
        if (code == 0) {
            simulator.faults().reset();
        } else {
            simulator.faults().onOpen().close(code, "over");
        }
        Cause cause = seen.cause(Type.EXITED);
        assertThat(cause.message()).contains(code == 0 ? "" : "over");
        seen.await(Type.CLOSED);
        stays("nothing is tried", Duration.ofMillis(500), () -> simulator.accepts() == 1);
    }

    @Test
    @DisplayName("E12 E13 closed is closed; the same options open anew, and the list has only the new one")
    void E12_E13_openedAnewAfterClose() throws Exception {
        WebSocketClient first = house.ready(echo(), seen);
        get(first.close());
        Seen again = new Seen();
        WebSocketClient second = house.ready(echo(), again);
        get(second.send("x"));
        until("echo", () -> again.count() == 1);
        assertThat(house.unsupervised.clients()).containsExactly(second);
        assertThatThrownBy(() -> get(first.send("y"))).hasMessageContaining("CLOSED");
    }

    @Test
    @DisplayName("H7 the loss ends the beats and forgives the misses; the new connection has beats of its own")
    void H7_beatsBelongToTheirConnection() throws Exception {
        WebSocketClient client = house.ready(
                quick(simulator.uri("/generic/x"))
                        .heartbeat("generic", Map.of("interval", "200ms", "timeout", "100ms", "misses", "1000")),
                seen);
        simulator.faults().onOpen().withholdPongs();
        until("misses", () -> client.health().heartbeat().missed() >= 2);
        simulator.faults().onOpen().reset();
        seen.await(Type.READY, 2);
        until("forgiven", () -> client.health().heartbeat().missed() == 0);
        until(
                "beats",
                () -> simulator.session(2).orElseThrow().received().stream()
                                .filter(r -> r.kind() == Received.Kind.PING)
                                .count()
                        >= 2);
    }
}
