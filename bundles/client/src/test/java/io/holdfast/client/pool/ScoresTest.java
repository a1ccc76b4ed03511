// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final List<String> ALL = List.of("a", "b", "c");

    private final Scores scores = new Scores();

    private int score(String id, long now) {
        return scores.standing(id, now).score();
    }

    @Test
    void G1_nobodyIsNobody() {
        assertThat(scores.order(ALL, List.of(), 0)).isEmpty();
    }

    @Test
    void G2_oneIsChosenAndEqualsTakeTurns() {
        assertThat(scores.order(ALL, List.of("b"), 0)).containsExactly("b");
        List<String> first = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            first.add(scores.order(ALL, ALL, 0).get(0));
        }
        for (String id : ALL) {
            assertThat(first).filteredOn(id::equals).hasSize(10);
        }
    }

    @Test
    void G4_errorsCostUpToACapAndOneMemberIsPreferredToAnotherWithErrors() {
        assertThat(score("a", 0)).isEqualTo(Scores.BEST);
        int last = Scores.BEST;
        for (int i = 0; i < 2; i++) {
            scores.began("a");
            scores.failed("a", 0);
            assertThat(score("a", 0)).isLessThan(last);
            last = score("a", 0);
        }
        for (int i = 0; i < 10; i++) {
            scores.began("a");
            scores.failed("a", 0);
        }
        assertThat(score("a", 0)).isEqualTo(80);
        for (int i = 0; i < 5; i++) {
            assertThat(scores.order(ALL, ALL, 0)).last().isEqualTo("a");
        }
    }

    @Test
    void G5_whatIsUnderWayAndRoundTripsCostUpToACap() {
        int last = Scores.BEST;
        for (int i = 0; i < 10; i++) {
            scores.began("a");
            assertThat(score("a", 0)).isLessThan(last);
            last = score("a", 0);
        }
        for (int i = 0; i < 999; i++) {
            scores.began("a");
        }
        assertThat(score("a", 0)).isEqualTo(60);
        scores.began("b");
        scores.succeeded("b", SECOND / 10);
        assertThat(score("b", 0)).isBetween(95, 99);
        scores.began("c");
        scores.succeeded("c", 100 * SECOND);
        assertThat(score("c", 0)).isEqualTo(70);
    }

    @Test
    void G7_errorsAreForgottenAfterAMinuteAndByASuccess() {
        long now = Long.MAX_VALUE - SECOND; // the clock may wrap
        scores.began("a");
        scores.failed("a", now);
        assertThat(score("a", now + 59 * SECOND)).isEqualTo(90);
        assertThat(score("a", now + 60 * SECOND)).isEqualTo(100);
        scores.began("a");
        scores.failed("a", now);
        scores.began("a");
        scores.succeeded("a", 0);
        assertThat(score("a", now)).isEqualTo(100);
    }

    @Test
    void refusalsAreNoErrors() {
        scores.began("a");
        scores.answered("a");
        assertThat(score("a", 0)).isEqualTo(100);
        assertThat(scores.standing("a", 0).requests()).isEqualTo(1);
    }

    @Test
    void membersThatWentAreForgotten() {
        scores.began("a");
        scores.order(List.of("b"), List.of("b"), 0);
        assertThat(scores.standing("a", 0).requests()).isZero();
        scores.succeeded("a", 1);
        scores.failed("a", 1);
        scores.answered("a");
        assertThat(scores.standing("a", 0).requests()).isZero();
    }

    @Test
    void scoresStayWithinTheirBoundsWhateverHappens() {
        Random random = new Random(7);
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            String id = ALL.get(random.nextInt(3));
            now += random.nextInt(5) * SECOND;
            switch (random.nextInt(4)) {
                case 0 -> scores.began(id);
                case 1 -> scores.succeeded(id, (long) (random.nextDouble() * 10 * SECOND));
                case 2 -> scores.failed(id, now);
                default -> scores.answered(id);
            }
            Scores.Standing standing = scores.standing(id, now);
            assertThat(standing.score()).isBetween(10, 100);
            assertThat(standing.pending()).isNotNegative();
            assertThat(standing.errors()).isBetween(0, 2);
            List<String> order = scores.order(ALL, ALL, now);
            assertThat(order).containsExactlyInAnyOrderElementsOf(ALL);
            long at = now;
            assertThat(order.stream().map(o -> -score(o, at)).toList()).isSorted();
        }
    }
}
