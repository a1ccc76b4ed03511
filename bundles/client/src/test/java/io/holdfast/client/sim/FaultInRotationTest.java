// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.core.Input;
import io.holdfast.client.core.Phase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLogs.class)
class FaultInRotationTest {
    private final Simulation sim = new Simulation(11, Duration.ofMillis(200));

    @Test
    @DisplayName(
            "a fault of the engine while the old connection still awaits an answer: the resumption names that call, once")
    void callsOfTheOldConnectionAreReported() {
        Map<String, Object> options = new LinkedHashMap<>(OutageTest.defaults());
        options.remove("supervisor.group");
        options.remove("open.messages");
        options.remove("open.messages.expect");
        options.put("exchange.type", "deribit");
        options.put("exchange.auth", "client_credentials");
        options.put("credentials", "exchange");
        options.put("exchange.channels", List.of("trades.BTC-PERPETUAL.raw"));
        sim.plugins.deribitComes();
        sim.plugins.exchangeComes();
        SimulatedClient client = sim.add(new Schedule.ClientPlan("c", options, true, false));
        sim.environment.runFor(Duration.ofSeconds(5));
        ClientHistory history = sim.checker.history("c");
        sim.servers.get(Simulation.HOST_A).lostAnswers.add(SessionFaults.CALL);
        client.call();
        sim.environment.runFor(Duration.ofSeconds(1));
        client.rotate();
        sim.environment.runFor(Duration.ofSeconds(1));
        assertThat(history.current()).as("has taken over").isEqualTo(2);
        sim.checker.next = (id, before, input, after) -> {
            if (input instanceof Input.Rotate) {
                throw new IllegalStateException("fault of the engine");
            }
        };
        client.rotate();
        sim.environment.runFor(Duration.ofSeconds(1));
        assertThat(history.phase()).isEqualTo(Phase.EXITED);
        client.reconnect();
        sim.environment.runFor(Duration.ofSeconds(5));
        assertThat(history.phase()).isEqualTo(Phase.READY);
        assertThat(sim.checker.timeline())
                .filteredOn(line -> line.contains("is told Resumed"))
                .singleElement()
                .asString()
                .containsOnlyOnce("UnknownCall")
                .contains(SessionFaults.CALL);
    }
}
