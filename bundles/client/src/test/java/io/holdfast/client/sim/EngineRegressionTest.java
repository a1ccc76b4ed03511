// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.client.core.Phase;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.client.sim.SimulatedServer.Door;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What random schedules, or reading for them, once found; each in its shortest form. */
@ExtendWith(QuietLogs.class)
class EngineRegressionTest {
    private final Simulation sim = new Simulation(11, Duration.ofSeconds(1));

    @AfterEach
    void nothingElseWasBroken() {
        sim.checker.check();
        assertThat(sim.checker.violations).isEmpty();
    }

    private SimulatedClient add(Map<String, Object> options) {
        return sim.add(new Schedule.ClientPlan("c", options, true, false));
    }

    private static Map<String, Object> unsupervised() {
        Map<String, Object> options = new LinkedHashMap<>(OutageTest.defaults());
        options.remove("supervisor.group");
        return options;
    }

    private ClientHistory history() {
        return sim.checker.history("c");
    }

    private void runFor(long seconds) {
        sim.environment.runFor(Duration.ofSeconds(seconds));
    }

    private void isStillOnItsFirstConnection() {
        assertThat(history().phase()).isEqualTo(Phase.READY);
        assertThat(history().current()).isEqualTo(1);
    }

    @Test
    void aPluginThatComesDuringAnAttemptAnswersOnThatConnection() {
        sim.servers.get(Simulation.HOST_A).door = Door.SLOW;
        add(unsupervised());
        runFor(7);
        assertThat(history().phase()).isEqualTo(Phase.CONNECTING);
        sim.plugins.deribitComes();
        runFor(120);
        isStillOnItsFirstConnection();
    }

    @Test
    void aPluginThatComesToAnOldConnectionIsOwedNothingFromBefore() {
        sim.servers.values().forEach(SimulatedServer::quiet);
        add(unsupervised());
        runFor(100);
        sim.plugins.deribitComes();
        runFor(100);
        isStillOnItsFirstConnection();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"SETTING_UP", "READY"})
    void aPauseRightAfterThePhaseBeganKillsNoLivingPeer(Phase phase) {
        Map<String, Object> options = unsupervised();
        // A peer that says nothing but pongs and what it is asked for: Deribit would close, and be right.
        options.put("heartbeat.type", "generic");
        options.put("heartbeat.interval", "10s");
        options.put("heartbeat.silence", "12s");
        sim.servers.values().forEach(SimulatedServer::quiet);
        when(phase, () -> sim.pause(Duration.ofMinutes(5)));
        add(options);
        runFor(400);
        isStillOnItsFirstConnection();
    }

    private void when(Phase phase, Runnable order) {
        sim.checker.next = (id, before, input, after) -> {
            if (after == phase && before != phase) {
                sim.checker.next = TransitionObserver.NONE;
                sim.environment.world(0, order);
            }
        };
    }

    @Test
    void changedOptionsReplaceAnAttemptUnderWay() {
        sim.servers.get(Simulation.HOST_A).door = Door.SLOW;
        sim.plugins.deribitComes();
        SimulatedClient client = add(unsupervised());
        runFor(2);
        assertThat(history().phase()).isEqualTo(Phase.CONNECTING);
        client.option("uri", Simulation.uri(Simulation.HOST_B, "c"));
        runFor(10);
        assertThat(history().phase()).isEqualTo(Phase.READY);
        assertThat(history().host()).isEqualTo(Simulation.HOST_B);
        assertThat(sim.servers.get(Simulation.HOST_A).peers).isEmpty();
    }

    @Test
    void optionsOfAClosedClientLeaveNothingBehind() {
        SimulatedClient client = add(unsupervised());
        runFor(10);
        client.close();
        runFor(10);
        client.option("heartbeat.type", "generic");
        sim.plugins.deribitComes();
        runFor(5);
        sim.endpoints.close();
        assertThat(sim.leftovers()).isEqualTo(Simulation.NO_LEFTOVERS);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"CONNECTING", "SETTING_UP", "READY", "BACKOFF"})
    void aFaultOfTheEngineIsFollowedByARestart(Phase phase) {
        sim.plugins.deribitComes();
        sim.supervision.come(Map.of());
        SimulatedClient client = add(OutageTest.defaults());
        sim.checker.next = (id, before, input, after) -> {
            if (after == phase && before != phase) {
                sim.checker.next = TransitionObserver.NONE;
                sim.checker.crash(id);
            }
        };
        if (phase == Phase.BACKOFF) {
            runFor(5);
            sim.checker.history("c").peer().orElseThrow().cut();
        } else if (phase == Phase.READY) {
            // The fault strikes at the next input, and a client that is ready waits for none.
            runFor(5);
            client.option("reconnect.maximum", "31s");
        }
        runFor(60);
        assertThat(history().phase()).isEqualTo(Phase.READY);
        assertThat(client.handle.metrics().incarnation()).isGreaterThan(1);
        assertThat(sim.servers.get(Simulation.HOST_A).peers).hasSize(1);
    }

    @Test
    void aGroupThatLeftBeforeItHadAttachedOwnsNobody() {
        sim.plugins.deribitComes();
        add(OutageTest.defaults());
        runFor(10);
        sim.pause(Duration.ofSeconds(1));
        sim.supervision.come(Map.of());
        sim.supervision.leave();
        sim.supervision.come(Map.of());
        runFor(5);
        assertThat(sim.supervision.group().orElseThrow().status().children())
                .extracting(ChildStatus::id, ChildStatus::state)
                .containsExactly(tuple("c", ChildStatus.State.RUNNING));
    }

    @Test
    void aStopThatGoesOnIsSeenByTheNextOwner() {
        sim.plugins.deribitComes();
        sim.supervision.come(Map.of());
        add(OutageTest.defaults());
        runFor(40);
        history().peer().orElseThrow().goHalfOpen();
        sim.supervision.group().orElseThrow().terminateChild("c");
        runFor(1);
        assertThat(history().phase()).isEqualTo(Phase.STOPPING);
        sim.supervision.leave();
        sim.supervision.come(Map.of());
        runFor(20);
        assertThat(history().phase()).isEqualTo(Phase.IDLE);
        assertThat(sim.supervision.group().orElseThrow().status().children())
                .extracting(ChildStatus::state)
                .containsExactly(ChildStatus.State.STOPPED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300})
    void noPauseKillsALivingPeer(long seconds) {
        Map<String, Object> options = unsupervised();
        options.put("heartbeat.type", "generic");
        options.put("heartbeat.interval", "5s");
        options.put("heartbeat.silence", "7s");
        add(options);
        runFor(10);
        for (int i = 0; i < 40; i++) {
            sim.pause(Duration.ofSeconds(seconds));
            sim.environment.runFor(Duration.ofSeconds(seconds).plusMillis(1_370));
        }
        isStillOnItsFirstConnection();
    }

    @Test
    void runsAreReproducible() {
        for (long seed : List.of(3L, 12L, 40L)) {
            SimulationRun first = new SimulationRun(Schedule.of(seed), new Sabotage(), false);
            SimulationRun second = new SimulationRun(Schedule.of(seed), new Sabotage(), false);
            first.run();
            second.run();
            assertThat(second.simulation().environment.trace())
                    .isEqualTo(first.simulation().environment.trace());
            assertThat(second.timeline()).isEqualTo(first.timeline());
        }
    }
}
