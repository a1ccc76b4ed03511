// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.core.Phase;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A connection is lost while the one that is to replace it is still being prepared, before its attempt is made; the listener
 * has seen nothing of either by then.
 */
@ExtendWith(QuietLogs.class)
class RotationInPreparationTest {
    private final int[] trades = new int[1];

    private Simulation lost(Sabotage sabotage) {
        Simulation sim = new Simulation(11, Duration.ofSeconds(1), sabotage);
        Map<String, Object> options = new LinkedHashMap<>(OutageTest.defaults());
        options.remove("supervisor.group");
        options.remove("open.messages");
        options.remove("open.messages.expect");
        options.put("exchange.type", SimulatedDesk.TYPE);
        options.put("exchange.auth", "client_credentials");
        options.put("credentials", "exchange");
        options.put("exchange.channels", List.of("trades.BTC-PERPETUAL.100ms"));
        sim.plugins.deribitComes();
        sim.plugins.exchangeComes();
        SimulatedClient client = sim.add(new Schedule.ClientPlan("c", options, true, false));
        ClientHistory history = sim.checker.history("c");
        // It is told that it takes part before the first message can come.
        sim.environment.runFor(Duration.ofMillis(1));
        sim.stall(Pool.DELIVERY, Duration.ofSeconds(60));
        sim.environment.runFor(Duration.ofSeconds(30));
        assertThat(history.phase()).isEqualTo(Phase.READY);
        sim.desk.mode = SimulatedDesk.Mode.SLOW;
        client.rotate();
        sim.environment.runFor(Duration.ofSeconds(1));
        assertThat(history.newest()).as("no attempt was made yet").isEqualTo(1);
        history.peer().orElseThrow().cut();
        sim.environment.runFor(Duration.ofSeconds(3));
        assertThat(history.phase()).isEqualTo(Phase.CONNECTING);
        sim.environment.runFor(Duration.ofMinutes(2));
        assertThat(history.phase()).isEqualTo(Phase.READY);
        assertThat(history.current()).isEqualTo(2);
        return sim;
    }

    @Test
    void theListenerIsGivenWhatTheLostOneBrought() {
        assertThat(lost(new Sabotage()).checker.violations).isEmpty();
    }

    @Test
    void aMessageOfTheLostOneThatIsSwallowedIsNoticed() {
        assertThat(lost(losing()).checker.violations)
                .extracting(Checker.Violation::rule)
                .contains(Rule.CONTINUITY);
    }

    /** The third trade does not reach the engine. */
    private Sabotage losing() {
        return new Sabotage() {
            @Override
            Transport transport(Transport sound, VirtualEnvironment environment) {
                return new BrokenTransport(sound) {
                    @Override
                    TransportListener listener(TransportListener engine) {
                        return new Listening(engine) {
                            @Override
                            public boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos) {
                                boolean trade = new String(payload.array()).contains("\"channel\":\"trades");
                                return trade && ++trades[0] == 3 || super.onMessage(text, payload, receivedNanos);
                            }
                        };
                    }
                };
            }
        };
    }
}
