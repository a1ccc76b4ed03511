// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimerGridTest {
    @Test
    void isNeverEarlyAndLateByLessThanTheSlack() {
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong();
            long slack = 1 + random.nextLong(1L << random.nextInt(1, 40));
            assertThat(TimerGrid.atOrAfter(nanos, slack) - nanos).isBetween(0L, slack - 1);
        }
    }

    @Test
    void timersWithTheSameSlackShareInstants() {
        long first = TimerGrid.atOrAfter(10_000_000_001L, 1_000_000);
        assertThat(TimerGrid.atOrAfter(first - 1, 1_000_000)).isEqualTo(first);
        assertThat(TimerGrid.atOrAfter(first, 1_000_000)).isEqualTo(first);
        assertThat(TimerGrid.atOrAfter(first + 1, 1_000_000)).isGreaterThan(first);
    }

    @Test
    void anInstantOfACoarseGridIsOneOfAFinerGrid() {
        long coarse = TimerGrid.atOrAfter(10_000_000_001L, 64_000_000);
        assertThat(TimerGrid.atOrAfter(coarse, 1_000_000)).isEqualTo(coarse);
    }

    @Test
    void withoutSlackTheInstantIsTheGivenOne() {
        assertThat(TimerGrid.atOrAfter(12_345, 0)).isEqualTo(12_345);
        assertThat(TimerGrid.atOrAfter(-12_345, 1)).isEqualTo(-12_345);
    }

    @Test
    void theClockMayWrap() {
        assertThat(TimerGrid.atOrAfter(Long.MAX_VALUE, 1_000_000)).isEqualTo(Long.MIN_VALUE);
    }
}
