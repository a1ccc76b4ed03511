// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AgeTest {
    private static final Duration DAY = Duration.ofHours(24);

    private final Random random = new Random(1);
    private final Outbox out = new Outbox();
    private final Age age = new Age(out, new Chance() {
        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public boolean takeBurst() {
            return true;
        }

        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }
    });

    private static RotationPolicy after(Duration after, double jitter) {
        return new RotationPolicy(after, jitter, Duration.ofSeconds(10));
    }

    private List<Output> outputs(Runnable step) {
        out.begin();
        step.run();
        return out.take();
    }

    private Duration armed(Runnable step) {
        Output only = outputs(step).get(0);
        return ((Output.Arm) only).delay();
    }

    @Test
    @DisplayName("a thousand clients that became ready together reach their age all over the jitter, none late")
    void theyDoNotRotateTogether() {
        List<Duration> ages = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            ages.add(armed(() -> age.begins(after(DAY, 0.1), 0)));
        }
        long part = DAY.toMinutes() / 100;
        for (int slice = 0; slice < 10; slice++) {
            Duration from = DAY.minusMinutes((slice + 1) * part);
            Duration to = DAY.minusMinutes(slice * part);
            assertThat(ages)
                    .filteredOn(a -> a.compareTo(from) > 0 && a.compareTo(to) <= 0)
                    .as("from %s to %s", from, to)
                    .hasSizeBetween(50, 200);
        }
        assertThat(ages).allMatch(a -> a.compareTo(DAY.minusMinutes(10 * part + 10)) > 0 && a.compareTo(DAY) <= 0);
    }

    @Test
    @DisplayName("zero: never")
    void never() {
        assertThat(outputs(() -> age.begins(RotationPolicy.NEVER, 0))).isEmpty();
    }

    @Test
    @DisplayName("another age counts from when the connection became ready, with the same part of the jitter")
    void changesLive() {
        Duration first = armed(() -> age.begins(after(DAY, 0.5), 0));
        long now = Duration.ofHours(1).toNanos();
        assertThat(outputs(() -> age.changed(after(DAY, 0.5), after(DAY, 0.5), now)))
                .as("nothing changed")
                .isEmpty();
        assertThat(armed(() -> age.changed(after(DAY, 0.5), after(DAY.multipliedBy(2), 0.5), now)))
                .isCloseTo(first.multipliedBy(2).minusHours(1), Duration.ofMillis(1));
        assertThat(armed(() -> age.changed(after(DAY.multipliedBy(2), 0.5), after(Duration.ofMinutes(30), 0), now)))
                .as("it is older than that")
                .isZero();
        assertThat(outputs(() -> age.changed(after(DAY, 0.5), after(Duration.ZERO, 0.5), now)))
                .singleElement()
                .isEqualTo(new Output.Disarm(TimerKind.AGE));
    }

    @Test
    @DisplayName("reached, it is armed again, for the try may be given up; it ends with the connection")
    void isArmedAgain() {
        outputs(() -> age.begins(after(DAY, 0.5), 0));
        assertThat(armed(() -> age.reached(after(DAY, 0.5)))).isEqualTo(DAY);
        assertThat(outputs(age::ends)).singleElement().isEqualTo(new Output.Disarm(TimerKind.AGE));
    }
}
