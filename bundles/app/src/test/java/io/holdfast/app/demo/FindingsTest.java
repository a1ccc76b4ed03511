// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingsTest {

    private final Findings findings = new Findings();

    @Test
    void a_time_holds_up_to_its_bound() {
        findings.time("a", Optional.of(ofSeconds(3)), ofSeconds(3));
        assertThat(findings.held()).isTrue();

        findings.time("b", Optional.of(ofSeconds(3).plusNanos(1)), ofSeconds(3));
        assertThat(findings.held()).isFalse();
    }

    @Test
    void what_did_not_happen_does_not_hold() {
        findings.time("a", Optional.empty(), ofSeconds(3));

        assertThat(findings.held()).isFalse();
        assertThat(findings.checks())
                .singleElement()
                .extracting(Findings.Check::measured)
                .isEqualTo("did not happen");
    }

    @Test
    void a_socket_that_was_not_to_be_closed_fails() {
        findings.closes(Target.DERIBIT, 1);
        findings.closed(Target.DERIBIT, List.of());

        assertThat(findings.held()).isFalse();
    }

    @Test
    void lost_doubled_or_unexplained_messages_fail() {
        for (Balance bad : List.of(
                new Balance(10, 1, 0, 0, 1, 0, 0, 0),
                new Balance(10, 0, 0, 0, 0, 1, 0, 0),
                new Balance(10, 0, 0, 0, 0, 0, 1, 0),
                new Balance(10, 1, 1, 0, 0, 0, 0, 1))) {
            Findings each = new Findings();
            each.messages(Target.DERIBIT, bad);
            assertThat(each.held()).as(bad.toString()).isFalse();
        }
        findings.messages(Target.DERIBIT, new Balance(10, 3, 2, 1, 0, 0, 0, 0));
        assertThat(findings.held()).isTrue();
    }

    @Test
    void the_summary_shows_the_time_closest_to_its_bound_and_the_sums() {
        findings.time("a", Optional.of(ofSeconds(1)), ofSeconds(4));
        findings.time("b", Optional.of(ofSeconds(3)), ofSeconds(6));
        findings.messages(Target.DERIBIT, new Balance(10, 3, 3, 0, 0, 0, 0, 0));
        findings.messages(Target.BINANCE, new Balance(10, 2, 2, 0, 0, 0, 0, 0));

        assertThat(findings.summary()).containsExactly("3.00 s of 6.00 s", "5", "0", "0", "0");
    }

    @Test
    void numbers_hold_at_their_bounds() {
        findings.atLeast("a", 3, 3);
        findings.atMost("b", 3, 3);
        assertThat(findings.held()).isTrue();

        findings.atMost("c", 4, 3);
        assertThat(findings.held()).isFalse();
    }
}
