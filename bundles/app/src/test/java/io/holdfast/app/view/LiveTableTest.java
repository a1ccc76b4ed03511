// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.app.view.LiveTable.Seen;
import org.junit.jupiter.api.Test;

class LiveTableTest {

    @Test
    void messages_a_second_are_those_since_the_drawing_before() {
        assertThat(new Seen(150, 2_500_000_000L).perSecondSince(new Seen(100, 2_000_000_000L)))
                .isEqualTo(100);
    }

    @Test
    void a_new_client_of_the_same_id_has_received_what_it_counts() {
        assertThat(new Seen(20, 3_000_000_000L).perSecondSince(new Seen(5_000, 2_000_000_000L)))
                .isEqualTo(20);
    }
}
