// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.ALLOWANCE;
import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Deribit;
import io.holdfast.simulator.Fault;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Deribit's heartbeat as the simulator plays it, five times as fast: it closes a connection that answers nothing for 2 s. */
class DeribitHeartbeatContractTest {
    private static final Duration UNIT = Duration.ofMillis(200);
    private static final Duration INTERVAL = UNIT.multipliedBy(10);
    private static final Duration ROUND_TRIP = Duration.ofMillis(500);
    private static final String PATH = "/ws/api/v2";
    private static final String CHANNEL = "ticker.BTC-PERPETUAL.100ms";
    private static final String SUBSCRIBE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"" + CHANNEL
                    + "\"]}}";

    private final Simulator simulator = Simulator.start(
            SimulatorOptions.builder().heartbeatUnit(UNIT).rate(100).build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private ClientOptions.Builder options() {
        return quick(simulator.uri(PATH))
                .heartbeat("deribit", Map.of("interval", "2s", "unit", "200ms", "round.trip", "500ms", "marker", "m1"))
                .openMessage(SUBSCRIBE, "\"id\":1");
    }

    @Test
    @DisplayName("set_heartbeat comes first on every connection, before the open messages, exactly once")
    void setHeartbeatComesFirstOnEveryConnection() throws Exception {
        house.ready(options(), seen);
        for (int i = 1; i <= 3; i++) {
            seen.await(Type.READY, i);
            Deribit.State state = simulator.deribit().state(i);
            assertThat(state.firstMethod()).isEqualTo("public/set_heartbeat");
            assertThat(state.setHeartbeats()).isEqualTo(1);
            assertThat(state.interval()).isEqualTo(10);
            assertThat(state.subscriptions()).containsExactly(CHANNEL);
            simulator.faults().reset();
        }
    }

    @Test
    @DisplayName("every test_request is answered with the marker, on a busy connection too; listeners see none of it")
    void testRequestsAreAnswered() throws Exception {
        WebSocketClient client = house.ready(options(), seen);
        simulator.await("three answers", () -> simulator.deribit().testRequestsAnswered() >= 3, LIMIT);
        simulator.faults().on(PATH).testRequest();
        simulator.await("one more", () -> simulator.deribit().testRequestsAnswered() >= 4, LIMIT);

        assertThat(simulator.deribit().testRequestsLost()).isZero();
        assertThat(simulator.deribit().answers()).allMatch(a -> a.id().startsWith("\"m1"));
        assertThat(simulator.deribit().answers()).extracting(Deribit.Answer::id).doesNotHaveDuplicates();
        until("health", () -> client.health().heartbeat().roundTrip().isPresent());
        HeartbeatHealth health = client.health().heartbeat();
        assertThat(health.type()).isEqualTo("deribit");
        assertThat(health.bound()).isTrue();
        assertThat(health.lastBeatAgo()).isPresent();
        assertThat(health.answered()).isGreaterThanOrEqualTo(4);
        assertThat(simulator.accepts()).isEqualTo(1);
        assertThat(seen.texts())
                .isNotEmpty()
                .noneMatch(t ->
                        t.contains("test_request") || t.contains("\"method\":\"heartbeat\"") || t.contains("\"m1"));
    }

    /** @param limit after the fault, by configuration */
    private void assertReplaced(Fault fault, Duration limit, String why) {
        Cause cause = seen.cause(Type.LOST);
        assertThat(cause.kind()).isEqualTo(Cause.Kind.HEARTBEAT);
        assertThat(cause.message()).contains(why);
        AcceptRecord end = simulator.awaitEnd(1, LIMIT);
        assertThat(end.end()).isIn(AcceptRecord.End.CLIENT_RESET, AcceptRecord.End.CLIENT_FIN);
        assertThat(Duration.ofNanos(end.endedNanos() - fault.nanos())).isLessThan(limit.plus(ALLOWANCE));
        seen.await(Type.READY, 2);
        assertThat(simulator.deribit().state(2).firstMethod()).isEqualTo("public/set_heartbeat");
    }

    @Test
    @DisplayName(
            "heartbeats withheld while data flows: replaced after two and a half intervals, and the event says why")
    void withheldHeartbeatsAreFoundUnderData() throws Exception {
        house.ready(options(), seen);
        Fault fault = simulator.faults().onOpen().withholdHeartbeats();
        assertReplaced(fault, INTERVAL.multipliedBy(5).dividedBy(2), "no heartbeat of the server for 5000 ms");
    }

    @Test
    @DisplayName("half-open: replaced after two intervals and the round trip, and the event says why")
    void halfOpenIsFoundBySilence() throws Exception {
        house.ready(options(), seen);
        Fault fault = simulator.faults().onOpen().halfOpen();
        Duration silence = INTERVAL.multipliedBy(2).plus(ROUND_TRIP);
        assertReplaced(
                fault,
                INTERVAL.multipliedBy(5).dividedBy(2).compareTo(silence) > 0
                        ? INTERVAL.multipliedBy(5).dividedBy(2)
                        : silence,
                " for ");
    }

    private ClientOptions.Builder patient() {
        return options().option("reconnect.attempts", "0");
    }

    @Test
    @DisplayName("set_heartbeat refused: replaced, and the event names the step and the server's words")
    void aRefusedSetHeartbeatReplacesTheConnection() {
        simulator.faults().on(PATH).failRequests("public/set_heartbeat", -32602, "Invalid params");
        WebSocketClient client = house.open(patient(), seen);
        Cause refused = seen.cause(Type.LOST);
        assertThat(refused.kind()).isEqualTo(Cause.Kind.SETUP);
        assertThat(refused.message())
                .contains("set_heartbeat")
                .contains("refused")
                .contains("-32602");
        assertThat(client.opened().toCompletableFuture()).isNotDone();

        simulator.faults().clear();
        seen.await(Type.READY);
    }

    @Test
    @DisplayName(
            "set_heartbeat not answered within heartbeat.limit: replaced, and the event names the step and the limit")
    void anUnansweredSetHeartbeatReplacesTheConnection() {
        simulator.faults().on(PATH).withholdAnswers("public/set_heartbeat");
        house.open(patient().option("heartbeat.limit", "300ms"), seen);
        Cause unanswered = seen.cause(Type.LOST);
        assertThat(unanswered.kind()).isEqualTo(Cause.Kind.SETUP);
        assertThat(unanswered.message()).contains("set_heartbeat").contains("not answered within 300 ms");
        assertThat(seen.has(Type.READY)).isFalse();

        simulator.faults().clear();
        seen.await(Type.READY);
    }

    @Test
    @DisplayName("the server's close 4000 for a lost answer is a loss like any other")
    void heartbeatCloseLeadsToAReconnect() throws Exception {
        house.ready(options(), seen);
        simulator.faults().onOpen().close(4000, "heartbeat close");
        assertThat(seen.cause(Type.LOST)).isEqualTo(Cause.of(Cause.Kind.SERVER_CLOSE, "heartbeat close", 4000));
        seen.await(Type.READY, 2);
    }
}
