// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    @Test
    void refillsOneByOne() {
        TokenBucket bucket = new TokenBucket(5, 60, 100);
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.take(100)).isTrue();
        }
        assertThat(bucket.take(100)).isFalse();
        assertThat(bucket.take(111)).isFalse();
        assertThat(bucket.take(112)).isTrue();
        assertThat(bucket.take(112)).isFalse();
        assertThat(bucket.available(160)).isEqualTo(4);
        assertThat(bucket.available(172)).isEqualTo(5);
        assertThat(bucket.available(100_000)).isEqualTo(5);
    }

    @Test
    void mayHaveNoTokensAtAll() {
        TokenBucket bucket = new TokenBucket(0, 60, 0);
        assertThat(bucket.take(1_000)).isFalse();
        assertThat(bucket.available(1_000)).isZero();
    }

    @Test
    void keepsWhatWasTakenOverAChange() {
        TokenBucket bucket = new TokenBucket(5, 60, 0);
        bucket.take(0);
        bucket.take(0);
        bucket.change(10, 60, 0);
        assertThat(bucket.available(0)).isEqualTo(8);
        bucket.change(1, 60, 0);
        assertThat(bucket.available(0)).isZero();
        assertThat(bucket.available(60)).isEqualTo(1);
    }

    @Test
    void worksAcrossTheEndOfTheClock() {
        long now = Long.MAX_VALUE - 5;
        TokenBucket bucket = new TokenBucket(1, 10, now);
        assertThat(bucket.take(now)).isTrue();
        assertThat(bucket.take(now + 9)).isFalse();
        assertThat(bucket.take(now + 10)).isTrue();
    }

    @Test
    void neverGivesMoreThanCapacityAndRefill() {
        SplittableRandom random = new SplittableRandom(5);
        for (int run = 0; run < 200; run++) {
            int capacity = 1 + random.nextInt(8);
            long refill = capacity * (1L + random.nextInt(50));
            TokenBucket bucket = new TokenBucket(capacity, refill, 0);
            int taken = 0;
            long now = 0;
            for (int i = 0; i < 200; i++) {
                now += random.nextInt(20);
                taken += bucket.take(now) ? 1 : 0;
                assertThat(taken).isLessThanOrEqualTo((int) (capacity + now * capacity / refill));
                assertThat(bucket.available(now)).isBetween(0, capacity);
            }
            assertThat(bucket.available(now + refill)).isEqualTo(capacity);
        }
    }
}
