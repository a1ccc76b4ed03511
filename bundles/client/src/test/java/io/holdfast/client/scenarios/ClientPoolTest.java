// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.client.ClientPool;
import io.holdfast.client.ClientPool.Repeat;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests by the best of several clients, each with a server of its own. */
class ClientPoolTest {
    private static final String PATH = "/ws/api/v2";
    private static final String TIME = "public/get_time";

    private final List<Simulator> servers = List.of(simulator(), simulator());
    private final List<WebSocketClient> clients = new CopyOnWriteArrayList<>();
    private final House house = new House();
    private final ClientPool pool = ClientPool.of(() -> clients);

    private static Simulator simulator() {
        return Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(Duration.ofSeconds(1))
                .keepReceived(2_000)
                .build());
    }

    @AfterEach
    void stop() {
        house.close();
        servers.forEach(Simulator::close);
    }

    private WebSocketClient open(int server) throws Exception {
        ClientOptions.Builder options = quick(servers.get(server).uri(PATH))
                .option("client.id", "member-" + server)
                .heartbeat("deribit", Map.of("interval", "10s", "round.trip", "20s"))
                .exchange("deribit", Map.of("auth", "none"));
        WebSocketClient client = house.ready(options, new Seen());
        clients.add(client);
        until("ready", () -> client.state() == ClientState.READY);
        return client;
    }

    private long received(int server, String part) {
        return servers.get(server).open().stream()
                .flatMap(s -> s.received().stream())
                .filter(r -> r.text() != null && r.text().contains(part))
                .count();
    }

    private static CallFailedException failure(CompletionStage<?> stage) {
        List<CallFailedException> failures = new ArrayList<>();
        assertThatThrownBy(() -> get(stage))
                .isInstanceOf(ExecutionException.class)
                .satisfies(e -> failures.add((CallFailedException) e.getCause()));
        return failures.get(0);
    }

    @Test
    @DisplayName("G1, G10, N17: nobody is no way; a client that is not connected is never asked")
    void N17_onlyConnectedClientsAreAsked() throws Exception {
        assertThatThrownBy(() -> get(pool.call(Call.of(TIME, ""))))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no client of the pool is ready");
        WebSocketClient away = open(0);
        open(1);
        servers.get(0).faults().refuse();
        servers.get(0).faults().reset();
        until("away", () -> away.state() != ClientState.READY);
        for (int i = 0; i < 20; i++) {
            assertThat(get(pool.call(Call.of(TIME, ""))).accepted()).isTrue();
        }
        assertThat(received(1, TIME)).isEqualTo(20);
        assertThat(pool.members())
                .extracting(ClientPool.Member::id, ClientPool.Member::requests, ClientPool.Member::pending)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("member-0", 0L, 0),
                        org.assertj.core.groups.Tuple.tuple("member-1", 20L, 0));
        assertThat(pool.figures()).isEqualTo(new ClientPool.Figures(21, 0, 1));

        clients.clear();
        assertThatThrownBy(() -> get(pool.send("x"))).hasMessageContaining("no client of the pool is ready");
    }

    @Test
    @DisplayName("G2, G14: equal members share the work; answers come back to their callers")
    void G2_equalsShare() throws Exception {
        open(0);
        open(1);
        // One that answers while the other's thread waits for a processor is no equal: no answer before all are asked.
        servers.forEach(s -> s.faults().stopReading());
        List<CompletionStage<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(pool.call(Call.of(TIME, "")));
        }
        servers.forEach(s -> s.faults().resumeReading());
        for (CompletionStage<Answer> answer : answers) {
            assertThat(get(answer).result()).matches("\\d+");
        }
        assertThat(received(0, TIME)).isBetween(10L, 30L);
        assertThat(received(0, TIME) + received(1, TIME)).isEqualTo(40);
    }

    @Test
    @DisplayName("N18: a call that times out was sent once; marked as harmless it is tried elsewhere")
    void N18_whatTimedOutIsNotSentAgainUnlessItMayBe() throws Exception {
        open(0);
        open(1);
        servers.get(0).faults().withholdAnswers(TIME);
        servers.get(1).faults().withholdAnswers(TIME);
        Call call = Call.of(TIME, "").within(Duration.ofMillis(300));
        assertThat(failure(pool.call(call)).outcome()).isEqualTo(CallFailedException.Outcome.UNKNOWN);
        assertThat(received(0, TIME) + received(1, TIME)).isEqualTo(1);
        assertThat(pool.figures().failovers()).isZero();

        int silent = received(0, TIME) == 1 ? 0 : 1;
        assertThat(pool.members().get(silent).errors()).isEqualTo(1);
        servers.get(1 - silent).faults().clear();
        for (int i = 0; i < 5; i++) {
            assertThat(get(pool.call(call.within(Duration.ofSeconds(20)))).accepted())
                    .as("the one with an error is asked last")
                    .isTrue();
        }

        servers.get(silent).faults().clear();
        servers.get(1 - silent).faults().withholdAnswers(TIME);
        long before = received(silent, TIME);
        assertThat(get(pool.call(call.within(Duration.ofSeconds(2)), Repeat.IF_UNKNOWN))
                        .accepted())
                .isTrue();
        assertThat(received(silent, TIME)).isEqualTo(before + 1);
        assertThat(pool.figures().failovers()).isEqualTo(1);
    }

    @Test
    @DisplayName("a refusal is an answer: nobody else is asked, and it is no error of the client")
    void aRefusalIsAnAnswer() throws Exception {
        open(0);
        open(1);
        servers.forEach(s -> s.faults().failRequests(TIME, 11050, "bad_request"));
        assertThat(failure(pool.call(Call.of(TIME, ""), Repeat.IF_UNKNOWN)).outcome())
                .isEqualTo(CallFailedException.Outcome.REFUSED);
        assertThat(received(0, TIME) + received(1, TIME)).isEqualTo(1);
        assertThat(pool.members()).allMatch(m -> m.errors() == 0 && m.pending() == 0);
    }

    @Test
    @DisplayName("G11, G13: what was not sent goes to the next client; the last one's reason is told")
    void G11_whatWasNotSentIsTriedElsewhere() throws Exception {
        WebSocketClient first = open(0);
        WebSocketClient second = open(1);
        // Longer than Deribit takes: no client sends it, so each is tried.
        String params = "{\"x\":\"" + "y".repeat(40_000) + "\"}";
        CallFailedException failure = failure(pool.call(Call.of(TIME, params)));
        assertThat(failure.outcome()).isEqualTo(CallFailedException.Outcome.NOT_SENT);
        assertThat(failure.getMessage()).containsAnyOf(first.id(), second.id());
        assertThat(pool.figures()).isEqualTo(new ClientPool.Figures(1, 1, 1));
        assertThat(pool.members()).allMatch(m -> m.errors() == 1);
        assertThat(received(0, TIME) + received(1, TIME)).isZero();
    }

    @Test
    @DisplayName("plain messages go to one of the clients that are ready")
    void messagesGoToOne() throws Exception {
        open(0);
        open(1);
        for (int i = 0; i < 10; i++) {
            get(pool.send(
                    "{\"jsonrpc\":\"2.0\",\"id\":\"mine\",\"method\":\"public/test\",\"params\":{\"expected_result\":"
                            + i + "}}"));
        }
        until("received", () -> received(0, "expected_result") + received(1, "expected_result") == 10);
    }
}
