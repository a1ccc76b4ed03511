// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GrantLogTest {
    @Test
    void remembersAsManyAsAnyPolicyCanAskFor() {
        GrantLog log = new GrantLog();
        for (int n = 1; n <= 2500; n++) {
            log.add(n);
            int kept = Math.min(n, AttemptPolicy.MOST_ATTEMPTS);
            assertThat(log.size()).isEqualTo(kept);
            assertThat(log.newest(1)).isEqualTo(n);
            assertThat(log.newest(kept)).isEqualTo(n - kept + 1);
        }
        assertThat(log.count(2500, 10)).isEqualTo(10);
        assertThat(log.count(2500, 100_000)).isEqualTo(1000);
        assertThat(log.count(2510, 10)).isZero();
    }

    @Test
    void mergesInOrderOfTime() {
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < 100; run++) {
            GrantLog a = new GrantLog();
            GrantLog b = new GrantLog();
            List<Long> all = new ArrayList<>();
            long now = Long.MAX_VALUE - 50;
            int n = random.nextInt(1500);
            for (int i = 0; i < n; i++) {
                now += random.nextInt(3);
                (random.nextBoolean() ? a : b).add(now);
                all.add(now);
            }
            a.merge(b, now);
            assertThat(a.size()).isEqualTo(Math.min(n, 1000));
            for (int i = 1; i <= a.size(); i++) {
                assertThat(a.newest(i)).isEqualTo(all.get(n - i));
            }
        }
    }

    @Test
    void whatIsPostponedCountsFromThenOn() {
        GrantLog log = new GrantLog();
        log.add(1);
        log.add(10);
        log.add(20);
        log.postpone(10, 35);
        assertThat(log.size()).isEqualTo(3);
        assertThat(new long[] {log.newest(1), log.newest(2), log.newest(3)}).containsExactly(35, 20, 1);
        assertThat(log.count(40, 10)).isEqualTo(1);
    }
}
