// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.SequenceRange;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamAccountTest {

    private final StreamAccount account = new StreamAccount();

    private void delivered(long... numbers) {
        for (long number : numbers) {
            account.delivered(number);
        }
    }

    @Test
    void numbers_in_a_row_are_one_range() {
        delivered(7, 8, 9);

        assertThat(account.snapshot().received()).containsExactly(new SequenceRange(7, 9));
        assertThat(account.snapshot().last()).isEqualTo(9);
        assertThat(account.snapshot().doubled() + account.snapshot().unreported())
                .isZero();
    }

    @Test
    void a_hole_after_an_interruption_was_told() {
        delivered(1, 2);
        account.interrupted();
        delivered(5, 6);

        assertThat(account.snapshot().received()).containsExactly(new SequenceRange(1, 2), new SequenceRange(5, 6));
        assertThat(account.snapshot().unreported()).isZero();
    }

    @Test
    void a_hole_without_a_word_is_counted() {
        delivered(1, 2, 5);

        assertThat(account.snapshot().unreported()).isEqualTo(2);
    }

    @Test
    void an_interruption_explains_one_hole_only() {
        delivered(1);
        account.interrupted();
        delivered(3, 4, 6);

        assertThat(account.snapshot().unreported()).isEqualTo(1);
    }

    @Test
    void a_number_again_or_behind_a_later_one_is_doubled() {
        delivered(1, 2, 2, 1, 3);

        assertThat(account.snapshot().doubled()).isEqualTo(2);
        assertThat(account.snapshot().received()).containsExactly(new SequenceRange(1, 3));
    }

    @Test
    void numbers_are_found_in_the_messages_of_every_exchange() {
        assertThat(
                        Numbered.find(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"ticker.X.100ms\",\"data\":{\"a\":1,\"seq\":42,\"ns\":5}}}"))
                .contains(new Numbered("ticker.X.100ms", 42));
        assertThat(Numbered.find("{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"seq\":7,\"ns\":5}}"))
                .contains(new Numbered("btcusdt@trade", 7));
        assertThat(Numbered.find("{\"channel\":\"/generic/x\",\"seq\":3,\"ns\":5}"))
                .contains(new Numbered("/generic/x", 3));
        assertThat(Numbered.find("{\"e\":\"trade\",\"seq\":3}")).contains(new Numbered("", 3));
        assertThat(Numbered.find("{\"result\":null,\"id\":1}")).isEqualTo(Optional.empty());
        assertThat(Numbered.find("{\"seq\":\"x\"}")).isEqualTo(Optional.empty());
    }
}
