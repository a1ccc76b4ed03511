// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartWindowTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();
    private static final long PERIOD = Duration.ofSeconds(10).toNanos();
    private final Intensity exact = new Intensity(1, Duration.ofSeconds(10), Budget.CHILD, false);
    private final Intensity whole = new Intensity(1, Duration.ofSeconds(10), Budget.CHILD, true);
    private final RestartWindow window = new RestartWindow();

    @Test
    void endOfTheWindowIsInside() {
        assertThat(window.allows(0, exact)).isTrue();
        assertThat(window.allows(PERIOD, exact)).isFalse();
    }

    @Test
    void justAfterTheEndIsOutside() {
        assertThat(window.allows(0, exact)).isTrue();
        assertThat(window.allows(PERIOD + 1, exact)).isTrue();
    }

    @Test
    void wholeSecondsDependOnTheSecond() {
        assertThat(window.allows(20 * MILLI, whole)).isTrue();
        assertThat(window.allows(PERIOD + 920 * MILLI, whole))
                .as("same second of the clock")
                .isFalse();
        window.clear();
        assertThat(window.allows(800 * MILLI, whole)).isTrue();
        assertThat(window.allows(PERIOD + 1_050 * MILLI, whole))
                .as("next second of the clock")
                .isTrue();
    }

    @Test
    void clockMayWrapAround() {
        long before = Long.MAX_VALUE - 5 * MILLI;
        assertThat(window.allows(before, exact)).isTrue();
        assertThat(window.allows(before + PERIOD, exact)).isFalse();
        assertThat(window.countAt(before + PERIOD + 1, exact)).isEqualTo(1);
    }

    @Test
    void olderRestartsMayBeAddedLater() {
        window.add(3 * PERIOD, exact);
        window.add(3 * PERIOD - 2, exact);
        assertThat(window.countAt(3 * PERIOD, exact)).isEqualTo(2);
        assertThat(window.countAt(4 * PERIOD - 1, exact)).isEqualTo(1);
    }

    @Test
    void remembersNoMoreThanItNeeds() {
        for (int i = 0; i < 1_000; i++) {
            window.add(i, exact);
            assertThat(window.size()).isLessThanOrEqualTo(2);
        }
        assertThat(window.countAt(1_000, exact)).isEqualTo(2);
    }

    @Test
    void growsWithTheIntensity() {
        Intensity many = new Intensity(1_000, Duration.ofSeconds(10), Budget.CHILD, false);
        for (int i = 0; i < 1_000; i++) {
            assertThat(window.allows(i, many)).isTrue();
        }
        assertThat(window.allows(1_000, many)).isFalse();
        assertThat(window.countAt(PERIOD + 500, many)).isEqualTo(501);
    }
}
