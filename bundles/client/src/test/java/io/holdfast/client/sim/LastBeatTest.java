// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.core.Phase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told of the last heartbeat is true of heartbeats of either side, over reconnects, and before the first. */
@ExtendWith(QuietLogs.class)
class LastBeatTest {
    private final Simulation sim = new Simulation(11, Duration.ofSeconds(1));

    @BeforeEach
    void aPeerThatSaysNothingByItself() {
        sim.servers.values().forEach(SimulatedServer::quiet);
    }

    @AfterEach
    void nothingElseWasBroken() {
        sim.checker.check();
        assertThat(sim.checker.violations).isEmpty();
    }

    private SimulatedClient add(String... further) {
        Map<String, Object> options = new LinkedHashMap<>(OutageTest.defaults());
        options.remove("supervisor.group");
        for (int i = 0; i < further.length; i += 2) {
            options.put(further[i], further[i + 1]);
        }
        return sim.add(new Schedule.ClientPlan("c", options, true, false));
    }

    private void runFor(long seconds) {
        sim.environment.runFor(Duration.ofSeconds(seconds));
        assertThat(sim.checker.history("c").phase()).isEqualTo(Phase.READY);
    }

    private static Duration lastBeatAgo(SimulatedClient client) {
        return client.handle.health().heartbeat().lastBeatAgo().orElseThrow();
    }

    @Test
    void anAnsweredPingOfTheClientIsABeat() {
        SimulatedClient client = add("heartbeat.type", "generic", "heartbeat.interval", "10s");
        runFor(5);
        assertThat(client.handle.health().heartbeat().lastBeatAgo()).isEmpty();
        runFor(100);
        assertThat(client.handle.metrics().heartbeats()).isGreaterThanOrEqualTo(9);
        assertThat(lastBeatAgo(client)).isLessThan(Duration.ofSeconds(12));
    }

    @Test
    void aNewConnectionIsNoBeat() {
        SimulatedClient client = add("heartbeat.type", "generic", "heartbeat.interval", "60s");
        runFor(80);
        assertThat(client.handle.metrics().heartbeats()).isEqualTo(1);
        client.reconnect();
        runFor(20);
        assertThat(client.handle.metrics().opens()).isEqualTo(2);
        assertThat(lastBeatAgo(client)).isGreaterThan(Duration.ofSeconds(30));
    }

    @Test
    void aPluginThatComesIsToldOfTheLastBeat() {
        add();
        runFor(8);
        sim.plugins.deribitComes();
        runFor(1);
        assertThat(sim.plugins.resumed().lastBeatAgoNanos()).as("none so far").isNegative();
        runFor(60);
        sim.plugins.deribitComes();
        runFor(1);
        assertThat(Duration.ofNanos(sim.plugins.resumed().lastBeatAgoNanos()))
                .isBetween(Duration.ZERO, Duration.ofSeconds(61));
    }
}
