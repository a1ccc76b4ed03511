// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoModeTest {

    @Test
    void the_allowance_is_as_given_or_two_seconds() {
        assertThat(DemoMode.allowance(null)).isEqualTo(Duration.ofSeconds(2));
        assertThat(DemoMode.allowance("6s")).isEqualTo(Duration.ofSeconds(6));
        assertThat(DemoMode.allowance("1ms")).isEqualTo(Duration.ofMillis(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "-1s", "6", "", "soon"})
    void an_allowance_that_is_none_is_refused_by_name(String given) {
        assertThatThrownBy(() -> DemoMode.allowance(given))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("holdfast.demo.allowance");
    }
}
