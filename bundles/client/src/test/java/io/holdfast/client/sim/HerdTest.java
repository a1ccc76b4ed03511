// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.core.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Many clients of one host, with all defaults, lose their connections in the same moment. How many:
 * {@code -Dholdfast.herd.clients=5000}.
 */
@ExtendWith(QuietLogs.class)
class HerdTest {
    private static final int CLIENTS = Integer.getInteger("holdfast.herd.clients", 300);

    /** The endpoint group's, by default; nobody of the herd fails, so what it grants is all that matters. */
    private static final int ATTEMPTS_PER_MINUTE = 30;

    @Test
    void everybodyIsBackWithinTheBudget() {
        Simulation sim = new Simulation(CLIENTS, Duration.ofHours(1));
        for (int i = 0; i < CLIENTS; i++) {
            String id = "c" + i;
            Map<String, Object> options = Map.of("client.id", id, "uri", Simulation.uri(Simulation.HOST_A, id));
            sim.add(new Schedule.ClientPlan(id, options, true, false));
        }
        SimulatedServer server = sim.servers.get(Simulation.HOST_A);
        long minutesAtMost = 2L * CLIENTS / ATTEMPTS_PER_MINUTE + 2;
        untilAllAreReady(sim, minutesAtMost);
        assertThat(server.peers).hasSize(CLIENTS);

        List.copyOf(server.peers).forEach(SimulatedPeer::cut);
        sim.environment.runFor(Duration.ofSeconds(1));
        long before = sim.environment.nanoTime();
        untilAllAreReady(sim, minutesAtMost);

        Duration took = Duration.ofNanos(sim.environment.nanoTime() - before);
        System.out.printf("%d clients of one host were back after %s%n", CLIENTS, took);
        assertThat(server.peers).hasSize(CLIENTS);
        sim.all.values().forEach(SimulatedClient::close);
        sim.environment.runFor(Duration.ofMinutes(1));
        sim.checker.check();
        assertThat(sim.checker.violations).isEmpty();
    }

    private static void untilAllAreReady(Simulation sim, long minutesAtMost) {
        for (long minute = 0; minute < minutesAtMost && ready(sim) < CLIENTS; minute++) {
            sim.environment.runFor(Duration.ofMinutes(1));
        }
        assertThat(ready(sim)).isEqualTo(CLIENTS);
    }

    private static long ready(Simulation sim) {
        return sim.all.keySet().stream()
                .filter(id -> sim.checker.history(id).phase() == Phase.READY)
                .count();
    }
}
