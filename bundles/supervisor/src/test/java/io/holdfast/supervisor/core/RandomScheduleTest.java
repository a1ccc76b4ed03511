// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What must hold whatever happens when; a failing seed is named and can be replayed by itself. */
class RandomScheduleTest {
    private static final int SCHEDULES = 3_000;
    private static final int HAPPENINGS = 60;

    @Test
    void invariantsHold() {
        Map<String, Integer> seen = new TreeMap<>();
        for (long seed = 0; seed < SCHEDULES; seed++) {
            RandomWorld world = new RandomWorld(seed);
            world.run(HAPPENINGS);
            world.checkAtRest();
            assertThat(world.violations).as("seed %d", seed).isEmpty();
            world.seen.forEach((what, times) -> seen.merge(what, times, Integer::sum));
        }
        System.out.println("random schedules: " + SCHEDULES + ", seen " + seen);
        assertThat(seen)
                .as("everything happens")
                .containsKeys(
                        "Start",
                        "Stop",
                        "StopOverdue",
                        "GivenUp",
                        "Recovered",
                        "Delayed",
                        "EnqueueRetry",
                        "ClearLedger",
                        "RecordRestart",
                        "Removed",
                        "Exited",
                        "Initialised",
                        "Adopt",
                        "Detach",
                        "Reconfigure");
    }
}
