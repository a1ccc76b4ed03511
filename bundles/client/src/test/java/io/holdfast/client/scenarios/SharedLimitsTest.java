// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.transport.Secret;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two clients of one endpoint group at the simulated Deribit, whose orders take from a bucket of 20 that gets 5 in a second. */
class SharedLimitsTest {
    private final Simulator simulator = Simulator.start(SimulatorOptions.builder()
            .heartbeatUnit(Duration.ofSeconds(1))
            .client("tester", "planted")
            .build());
    private final House house =
            new House(Map.of("attempts", "1000", "window", "1s", "burst", "5", "limits.shared", "true"));

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private WebSocketClient open(String id) throws Exception {
        house.services
                .credentials()
                .add(name -> Map.of(
                        "exchange.client.id", Secret.of("tester".toCharArray()),
                        "exchange.client.secret", Secret.of("planted".toCharArray())));
        return house.ready(
                quick(simulator.uri("/ws/api/v2"))
                        .option("client.id", id)
                        .heartbeat("deribit", Map.of("interval", "10s", "round.trip", "20s"))
                        .option("credentials", "any")
                        .exchange("deribit", Map.of("auth", "client_credentials")),
                new Seen());
    }

    /** How many of so many orders were sent at all; what the server thinks of them does not matter here. */
    private static int sent(WebSocketClient client, int orders) throws Exception {
        int sent = 0;
        for (int i = 0; i < orders; i++) {
            try {
                get(client.exchange()
                        .orElseThrow()
                        .call(Call.of("private/buy", "{}").waiting(Duration.ZERO)));
                sent++;
            } catch (ExecutionException e) {
                sent += ((CallFailedException) e.getCause()).outcome() == Outcome.NOT_SENT ? 0 : 1;
            }
        }
        return sent;
    }

    @Test
    @DisplayName("what one client took the other does not have; a queued call waits for its turn")
    void theLimitIsOneForBoth() throws Exception {
        WebSocketClient first = open("first");
        WebSocketClient second = open("second");
        long start = System.nanoTime();
        int both = sent(first, 25) + sent(second, 25);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(both).isGreaterThanOrEqualTo(20);
        assertThat((double) both).isLessThanOrEqualTo(21 + 5 * seconds);
        try {
            get(second.exchange().orElseThrow().call(Call.of("private/buy", "{}")));
        } catch (ExecutionException e) {
            assertThat(((CallFailedException) e.getCause()).outcome()).isEqualTo(Outcome.REFUSED);
        }
    }
}
