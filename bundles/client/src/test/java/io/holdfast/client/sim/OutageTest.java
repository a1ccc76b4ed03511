// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.client.core.Phase;
import io.holdfast.client.sim.SimulatedServer.Door;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** With all defaults a client of a group outlasts every outage, with and without its supervisor, and comes back in time. */
@ExtendWith(QuietLogs.class)
class OutageTest {
    private static final Duration SETTLE = Duration.ofSeconds(90);
    private static final Duration MAXIMUM_DELAY = Duration.ofSeconds(30);
    private static final Duration CONNECT_TOTAL = Duration.ofSeconds(30);

    /** For the round trips of connect and set-up. */
    private static final Duration ATTEMPT = Duration.ofSeconds(1);

    static Stream<Arguments> outages() {
        List<Duration> lengths = List.of(
                Duration.ofSeconds(3),
                Duration.ofSeconds(60),
                Duration.ofSeconds(120),
                Duration.ofMinutes(10),
                Duration.ofHours(2),
                Duration.ofDays(3));
        List<Door> kinds = List.of(Door.REFUSES, Door.SILENT, Door.UNRESOLVED, Door.UNAVAILABLE);
        return lengths.stream()
                .flatMap(l ->
                        kinds.stream().flatMap(k -> Stream.of(Arguments.of(l, k, true), Arguments.of(l, k, false))));
    }

    @ParameterizedTest(name = "{0} {1}, supervisor there: {2}")
    @MethodSource("outages")
    void isBackInTime(Duration length, Door kind, boolean supervisor) {
        Simulation sim = new Simulation(length.toSeconds() + kind.ordinal(), Duration.ofSeconds(5));
        sim.plugins.deribitComes();
        if (supervisor) {
            sim.supervision.come(Map.of());
        }
        SimulatedClient client = sim.add(new Schedule.ClientPlan("c", defaults(), true, false));
        sim.environment.runFor(SETTLE);
        assertThat(sim.checker.history("c").phase()).isEqualTo(Phase.READY);

        SimulatedServer server = sim.servers.get(Simulation.HOST_A);
        server.door = kind;
        List.copyOf(server.peers).forEach(SimulatedPeer::cut);
        sim.environment.runFor(length);
        server.door = Door.OPEN;

        // An attempt that is under way ends by its own limit where the outage was a silence; then the longest delay.
        Duration underWay = kind == Door.SILENT ? CONNECT_TOTAL : Duration.ZERO;
        sim.environment.runFor(underWay.plus(MAXIMUM_DELAY).plus(ATTEMPT));
        assertThat(sim.checker.history("c").phase())
                .as(() -> String.join("\n", sim.checker.timeline()))
                .isEqualTo(Phase.READY);
        assertThat(sim.checker.coverage.events).doesNotContainKeys(Type.GIVEN_UP, Type.CLOSED);
        if (!supervisor) {
            assertThat(sim.checker.coverage.events)
                    .containsKey(Type.UNSUPERVISED)
                    .doesNotContainKey(Type.EXITED);
        }

        client.close();
        sim.environment.runFor(Duration.ofSeconds(10));
        sim.checker.check();
        assertThat(sim.checker.violations).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outages")
    void aClientWithoutAGroupIsBackToo(Duration length, Door kind, boolean configured) {
        Map<String, Object> options = defaults();
        options.remove("supervisor.group");
        Simulation sim = new Simulation(length.toSeconds() + kind.ordinal(), Duration.ofSeconds(5));
        sim.plugins.deribitComes();
        SimulatedClient client = sim.add(new Schedule.ClientPlan("c", options, configured, false));
        sim.environment.runFor(SETTLE);
        assertThat(sim.checker.history("c").phase()).isEqualTo(Phase.READY);

        SimulatedServer server = sim.servers.get(Simulation.HOST_A);
        server.door = kind;
        List.copyOf(server.peers).forEach(SimulatedPeer::cut);
        sim.environment.runFor(length);
        server.door = Door.OPEN;

        Duration underWay = kind == Door.SILENT ? CONNECT_TOTAL : Duration.ZERO;
        sim.environment.runFor(underWay.plus(MAXIMUM_DELAY).plus(ATTEMPT));
        assertThat(sim.checker.history("c").phase()).isEqualTo(Phase.READY);
        assertThat(sim.checker.coverage.events).doesNotContainKeys(Type.EXITED, Type.CLOSED);
        client.close();
    }

    static Map<String, Object> defaults() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("client.id", "c");
        options.put("uri", Simulation.uri(Simulation.HOST_A, "c"));
        options.put("heartbeat.type", "deribit");
        options.put("open.messages", List.of("{\"method\":\"subscribe\"}"));
        options.put("open.messages.expect", List.of("[\"numbers\"]"));
        options.put("supervisor.group", Supervision.GROUP);
        return options;
    }
}
