// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.core.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What watches over the heartbeats of many clients wakes the timer's thread once for many of them. */
@ExtendWith(QuietLogs.class)
class SharedTimersTest {
    private static final int CLIENTS = 5;

    @Test
    void clientsWhoseServersBeatAtAboutTheSameTimeAreCheckedTogether() {
        Simulation sim = new Simulation(5, Duration.ofSeconds(1));
        sim.plugins.deribitComes();
        List<SimulatedClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Map<String, Object> options = OutageTest.defaults();
            options.remove("supervisor.group");
            options.put("client.id", "c" + i);
            options.put("uri", Simulation.uri(Simulation.HOST_A, "c" + i));
            clients.add(sim.add(new Schedule.ClientPlan("c" + i, options, true, false)));
            sim.environment.runFor(Duration.ofMillis(3));
        }
        sim.environment.runFor(Duration.ofMinutes(5));

        for (int i = 0; i < CLIENTS; i++) {
            assertThat(sim.checker.history("c" + i).phase())
                    .as(() -> String.join("\n", sim.checker.timeline()))
                    .isEqualTo(Phase.READY);
        }
        // Each client has other timers, too, which share nothing.
        assertThat(sim.environment.pendingTimers() - sim.environment.timerInstants())
                .isGreaterThanOrEqualTo(CLIENTS - 2);

        clients.forEach(SimulatedClient::close);
        sim.environment.runFor(Duration.ofSeconds(10));
        sim.checker.check();
        assertThat(sim.checker.violations).isEmpty();
    }
}
