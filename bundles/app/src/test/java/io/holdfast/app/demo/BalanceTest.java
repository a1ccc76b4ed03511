// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.SequenceRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class BalanceTest {

    private static List<SequenceRange> ranges(long... ends) {
        SequenceRange[] all = new SequenceRange[ends.length / 2];
        for (int i = 0; i < all.length; i++) {
            all[i] = new SequenceRange(ends[2 * i], ends[2 * i + 1]);
        }
        return List.of(all);
    }

    private static boolean exact(Balance balance) {
        Findings findings = new Findings();
        findings.messages(Target.DERIBIT, balance);
        return findings.held();
    }

    private static final List<List<SequenceRange>> NOBODY = List.of();

    @Test
    void everything_sent_and_delivered_is_exact() {
        Balance balance = Balance.of(11, 20, ranges(1, 20), ranges(1, 25), NOBODY, 0, 0);

        assertThat(balance).isEqualTo(new Balance(10, 0, 0, 0, 0, 0, 0, 0));
        assertThat(exact(balance)).isTrue();
    }

    @Test
    void a_gap_that_nobody_sent_is_exact() {
        Balance balance = Balance.of(1, 20, ranges(1, 8, 15, 20), ranges(1, 8, 15, 20), NOBODY, 0, 0);

        assertThat(balance).isEqualTo(new Balance(20, 6, 6, 0, 0, 0, 0, 0));
        assertThat(exact(balance)).isTrue();
    }

    @Test
    void what_was_sent_before_the_gap_and_not_delivered_is_lost() {
        Balance balance = Balance.of(1, 20, ranges(1, 7, 15, 20), ranges(1, 8, 15, 20), NOBODY, 0, 0);

        assertThat(balance.lost()).isEqualTo(1);
        assertThat(exact(balance)).isFalse();
    }

    @Test
    void unless_the_client_itself_ended_that_connection() {
        Balance balance = Balance.of(1, 20, ranges(1, 7, 15, 20), ranges(1, 8, 15, 20), List.of(ranges(1, 8)), 0, 0);

        assertThat(balance).isEqualTo(new Balance(20, 7, 6, 1, 0, 0, 0, 0));
        assertThat(exact(balance)).isTrue();
    }

    @Test
    void a_hole_in_the_middle_of_a_connection_is_lost_whoever_ended_it() {
        Balance balance = Balance.of(1, 20, ranges(1, 3, 6, 20), ranges(1, 20), List.of(ranges(1, 20)), 0, 0);

        assertThat(balance.lost()).isEqualTo(2);
        assertThat(exact(balance)).isFalse();
    }

    @Test
    void what_was_delivered_and_not_sent_doubled_or_not_told_is_wrong() {
        assertThat(Balance.of(1, 5, ranges(1, 5), ranges(1, 4), NOBODY, 0, 0).unexplained())
                .isEqualTo(1);
        assertThat(exact(Balance.of(1, 5, ranges(1, 5), ranges(1, 4), NOBODY, 0, 0)))
                .isFalse();
        assertThat(exact(Balance.of(1, 5, ranges(1, 5), ranges(1, 5), NOBODY, 1, 0)))
                .isFalse();
        assertThat(exact(Balance.of(1, 5, ranges(1, 5), ranges(1, 5), NOBODY, 0, 1)))
                .isFalse();
    }

    @Test
    void nothing_new_is_exact_too() {
        assertThat(Balance.of(21, 20, ranges(1, 20), ranges(1, 20), NOBODY, 0, 0))
                .isEqualTo(Balance.EMPTY);
    }

    @Test
    void streams_are_added_up() {
        Balance balance = Balance.of(1, 20, ranges(1, 8, 15, 20), ranges(1, 8, 15, 20), NOBODY, 0, 0);

        assertThat(balance.plus(balance)).isEqualTo(new Balance(40, 12, 12, 0, 0, 0, 0, 0));
    }
}
