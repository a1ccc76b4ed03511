// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ReconnectPolicy;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final ReconnectPolicy DEFAULTS =
            ClientOptions.uri("wss://example.org/").build().reconnect();

    private static ReconnectPolicy policy(Duration floor, double jitter) {
        return new ReconnectPolicy(
                floor, ofSeconds(1), 2, ofSeconds(30), jitter, 10, ofSeconds(30), Duration.ofHours(1));
    }

    @Test
    void growsByTheMultiplierUpToTheMaximum() {
        RandomGenerator random = new SplittableRandom(1);
        int[] expected = {1, 2, 4, 8, 16, 30, 30};
        for (int i = 0; i < expected.length; i++) {
            assertThat(Backoff.delay(policy(ZERO, 0), i + 1, random)).isEqualTo(ofSeconds(expected[i]));
        }
    }

    @Test
    void doesNotOverflow() {
        RandomGenerator random = new SplittableRandom(1);
        for (int n : new int[] {63, 64, 65, 1000, 100_000, Integer.MAX_VALUE}) {
            assertThat(Backoff.delay(policy(ZERO, 0), n, random)).isEqualTo(ofSeconds(30));
        }
        ReconnectPolicy huge = new ReconnectPolicy(
                ofSeconds(1),
                Duration.ofDays(1_000_000),
                100,
                Duration.ofDays(1_000_000_000),
                1,
                10,
                ofSeconds(30),
                ofSeconds(1));
        assertThat(Backoff.delay(huge, Integer.MAX_VALUE, random)).isPositive();
    }

    @Test
    void fullJitterCoversEverythingFromTheFloorToTheBackOff() {
        RandomGenerator random = new SplittableRandom(7);
        int[] quarters = new int[4];
        for (int i = 0; i < 4000; i++) {
            Duration d = Backoff.delay(policy(ZERO, 1), 5, random);
            assertThat(d).isBetween(ZERO, ofSeconds(16));
            quarters[(int) Math.min(3, d.toSeconds() / 4)]++;
            assertThat(Backoff.delay(policy(ofSeconds(3), 1), 5, random)).isBetween(ofSeconds(3), ofSeconds(16));
        }
        for (int n : quarters) {
            assertThat(n).isBetween(850, 1150);
        }
    }

    @Test
    void partOfTheBackOffMayBeRandom() {
        RandomGenerator random = new SplittableRandom(7);
        for (int i = 0; i < 1000; i++) {
            assertThat(Backoff.delay(policy(ZERO, 0.25), 4, random)).isBetween(ofSeconds(6), ofSeconds(8));
        }
    }

    @Test
    void theFloorHoldsEvenAboveTheMaximum() {
        assertThat(Backoff.delay(policy(Duration.ofMinutes(1), 0), 20, new SplittableRandom(1)))
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theFirstWaitIsSpreadOverTheInitialBackOff() {
        RandomGenerator random = new SplittableRandom(3);
        long early = 0;
        for (int i = 0; i < 1000; i++) {
            Duration d = Backoff.first(DEFAULTS, random);
            assertThat(d).isBetween(ZERO, ofSeconds(1));
            early += d.compareTo(ofMillis(500)) < 0 ? 1 : 0;
        }
        assertThat(early).isBetween(400L, 600L);
    }

    @Test
    void refusesToBackOffWithoutAFailure() {
        assertThatThrownBy(() -> Backoff.delay(DEFAULTS, 0, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
