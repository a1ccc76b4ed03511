// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StartLevelsTest {

    @Test
    void the_longest_prefix_counts() {
        StartLevels levels = StartLevels.parse("""
                # comment
                3 *
                2 org.apache.
                1 org.apache.log-

                """);

        assertThat(levels.of("gson-2.jar")).isEqualTo(3);
        assertThat(levels.of("org.apache.scr-2.jar")).isEqualTo(2);
        assertThat(levels.of("org.apache.log-1.jar")).isEqualTo(1);
        assertThat(levels.highest()).isEqualTo(3);
    }

    @Test
    void a_malformed_line_is_shown() {
        assertThatThrownBy(() -> StartLevels.parse("1 a b")).hasMessageContaining("'1 a b'");
    }

    @Test
    void a_file_without_level_is_named() {
        assertThatThrownBy(() -> StartLevels.parse("1 a-").of("b-1.jar")).hasMessageContaining("b-1.jar");
    }

    @Test
    void logging_comes_before_everything_that_logs_and_the_prompt_last() throws Exception {
        StartLevels levels = StartLevels.load();

        assertThat(levels.of("slf4j-api-2.0.20.jar")).isLessThan(levels.of("org.apache.felix.log-1.3.0.jar"));
        assertThat(levels.of("org.apache.felix.log-1.3.0.jar"))
                .isLessThan(levels.of("org.apache.felix.scr-2.2.18.jar"))
                .isLessThan(levels.of("io.holdfast.client-1.0.0.jar"));
        assertThat(levels.of("org.apache.felix.gogo.jline-1.1.8.jar")).isEqualTo(levels.highest());
    }
}
