// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.core.Phase;
import io.holdfast.client.sim.Checker.Violation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random schedules of faults; docs/simulation.md says how to read what it prints. {@code -Dholdfast.sim.schedules=N} runs
 * that many from {@code -Dholdfast.sim.first=S} on, {@code -Dholdfast.sim.seed=S} one of them with its whole timeline.
 */
@ExtendWith(QuietLogs.class)
class SimulationTest {
    private static final int SCHEDULES = 2_000;

    @Test
    void everyScheduleKeepsTheRules() {
        Long one = Long.getLong("holdfast.sim.seed");
        if (one != null) {
            assertThat(run(one, true, new Coverage())).isEmpty();
            return;
        }
        int schedules = Integer.getInteger("holdfast.sim.schedules", SCHEDULES);
        Coverage total = new Coverage();
        List<String> failures = new ArrayList<>();
        long begin = System.nanoTime();
        long first = Long.getLong("holdfast.sim.first", 1);
        // Runs know nothing of each other; only their results are put together, one at a time.
        LongStream.range(first, first + schedules).parallel().forEach(seed -> {
            Coverage coverage = new Coverage();
            List<String> broken = run(seed, false, coverage);
            synchronized (total) {
                total.add(coverage);
                failures.addAll(broken);
            }
        });
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.println(total.table("Faults", total.faults));
        System.out.println(total.table("Phases entered", total.phases));
        System.out.println(total.table("Transitions", total.transitions));
        System.out.println(total.table("Events", total.events));
        System.out.printf("%d schedules in %.1f s, %.1f schedules/s%n", schedules, seconds, schedules / seconds);
        assertThat(failures).isEmpty();
        if (schedules >= SCHEDULES) {
            everythingOccurred(total);
        }
    }

    private static List<String> run(long seed, boolean verbose, Coverage total) {
        SimulationRun run = new SimulationRun(Schedule.of(seed), new Sabotage(), verbose);
        List<String> failures = new ArrayList<>();
        try {
            for (Violation v : run.run()) {
                failures.add(v.rule() + ": " + v.text());
            }
        } catch (AssertionError | RuntimeException e) {
            failures.add("the run itself failed: " + e);
        }
        Set<Transitions.Step> unknown = new HashSet<>(run.coverage().transitions.keySet());
        unknown.removeAll(Transitions.EXPECTED);
        unknown.removeAll(Transitions.RARE);
        unknown.forEach(step -> failures.add("transition not in the table: " + step));
        total.add(run.coverage());
        return failures.stream().map(f -> f + "\n  replay: " + replay(seed)).toList();
    }

    private static String replay(long seed) {
        return "mvn -q -o -pl bundles/client test -Dtest=SimulationTest -Dholdfast.sim.seed=" + seed;
    }

    private static void everythingOccurred(Coverage total) {
        Set<String> faults = new HashSet<>();
        EnumSet.allOf(Fault.class).forEach(f -> faults.add(f.name()));
        assertThat(total.faults.keySet()).as("faults that occurred").containsAll(faults);
        Set<Phase> phases = EnumSet.allOf(Phase.class);
        // A client is idle from the start.
        phases.remove(Phase.IDLE);
        assertThat(total.phases.keySet()).as("phases entered").containsAll(phases);
        assertThat(total.transitions.keySet()).as("transitions taken").containsAll(Transitions.EXPECTED);
    }
}
