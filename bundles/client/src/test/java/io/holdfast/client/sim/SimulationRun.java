// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.Cause;
import io.holdfast.client.core.Phase;
import io.holdfast.client.sim.Checker.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One schedule from the first client to the last timer. */
final class SimulationRun {
    private static final Duration MESSAGE_EVERY = Duration.ofMillis(900);

    /** The longest of: ban, silence limit and back-off, an attempt under way, three more attempts, the wait for the window. */
    private static final Duration RECOVERY = Duration.ofSeconds(240);

    private static final Duration SETTLE = Duration.ofSeconds(10);

    /** A closing handshake that nobody answers, and what listeners still have to be told. */
    private static final Duration CLOSE = Duration.ofSeconds(8);

    private static final Duration WATCH = Duration.ofMillis(500);

    private final Schedule schedule;
    private final Simulation sim;
    private final Checker checker;

    SimulationRun(Schedule schedule, Sabotage sabotage, boolean verbose) {
        this.schedule = schedule;
        this.sim = new Simulation(schedule.seed(), MESSAGE_EVERY, sabotage);
        this.checker = sim.checker;
        checker.verbose = verbose;
    }

    Coverage coverage() {
        return checker.coverage;
    }

    List<String> timeline() {
        return checker.timeline();
    }

    Simulation simulation() {
        return sim;
    }

    /** @return the rules that were broken, none in a sound run */
    List<Violation> run() {
        Faults faults = new Faults(sim);
        if (schedule.pluginFirst()) {
            sim.plugins.deribitComes();
        }
        sim.plugins.exchangeComes();
        if (schedule.groupFirst()) {
            sim.supervision.come(Map.of());
        }
        schedule.clients().forEach(sim::add);
        watch();
        long begin = sim.environment.nanoTime() + schedule.start().toNanos();
        for (Schedule.Step step : schedule.steps()) {
            sim.environment.runUntil(begin + step.at().toNanos());
            faults.apply(step);
        }
        sim.environment.runFor(SETTLE);
        faults.end();
        while (sim.environment.nanoTime() < checker.stalledUntil()) {
            sim.environment.runUntil(checker.stalledUntil());
        }
        faults.heal();
        recover();
        end();
        return checker.violations;
    }

    private void watch() {
        sim.environment.world(WATCH.toNanos(), () -> {
            checker.check();
            watch();
        });
    }

    private void recover() {
        sim.environment.runFor(RECOVERY);
        sim.servers.values().forEach(SimulatedServer::quiet);
        sim.environment.runFor(SETTLE);
        for (SimulatedClient client : sim.all.values()) {
            recovered(client, checker.history(client.id));
        }
    }

    private void recovered(SimulatedClient client, ClientHistory history) {
        Phase phase = history.phase();
        if (phase == Phase.READY) {
            client.lane.complete(history.current());
            subscribed(client, history);
        } else if (!mayBeAway(client, history)) {
            checker.violated(Rule.RECOVERY, client.id + " is " + phase + " " + RECOVERY + " after the last fault");
        }
    }

    private void subscribed(SimulatedClient client, ClientHistory history) {
        Set<String> there = history.connection(history.current())
                .map(c -> c.peer().session.subscribed)
                .orElse(Set.of());
        if (client.session() && !there.equals(client.wanted)) {
            checker.violated(Rule.SUBSCRIPTIONS, client.id + " wants " + client.wanted + ", the server has " + there);
        }
    }

    /** Closed, stopped by order, given up, refused, or ended at a limit that nobody restarts it from. */
    private static boolean mayBeAway(SimulatedClient client, ClientHistory history) {
        boolean refused =
                history.exit().filter(c -> c.kind() == Cause.Kind.REFUSED).isPresent();
        boolean removed = !history.everReady() && history.phase() == Phase.CLOSED;
        boolean exited = history.phase() == Phase.EXITED || history.phase() == Phase.CLOSED;
        return client.closeOrdered
                || client.terminated
                || removed
                || history.givenUp()
                || exited && (refused || !client.supervised());
    }

    private void end() {
        sim.all.values().forEach(SimulatedClient::close);
        sim.environment.runFor(CLOSE);
        checker.check();
        for (SimulatedClient client : sim.all.values()) {
            client.calls.end();
            if (checker.history(client.id).phase() != Phase.CLOSED) {
                checker.violated(
                        Rule.STOP_WINS,
                        client.id + " is " + checker.history(client.id).phase() + " although it was closed");
            }
        }
        sim.supervision.leave();
        sim.endpoints.close();
        sim.environment.runUntilIdle();
        if (!sim.leftovers().equals(Simulation.NO_LEFTOVERS)) {
            checker.violated(Rule.NOTHING_LEFT, sim.leftovers());
        }
    }
}
