// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionReadingTest {
    private static final OptionSet SET = OptionSet.of(
                    Option.duration("limit", Duration.ofSeconds(1), Option.Effect.LIVE, "A limit."))
            .open("heartbeat.");

    @Test
    void aTimeThatOverflowsIsRefusedByName() {
        assertThatThrownBy(() -> SET.parse(Map.of("limit", "999999999999999d")))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage("Option 'limit': is too long a time");
    }

    @Test
    void severalValuesForSomebodyElsesOptionAreRefusedByName() {
        assertThatThrownBy(() -> SET.parse(Map.of("heartbeat.text", new String[] {"a", "b"})))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage("Option 'heartbeat.text': takes one value, not several");
        assertThatThrownBy(() -> SET.parse(Map.of("limit", List.of("1s", "2s"))))
                .hasMessage("Option 'limit': takes one value, not several");
        assertThat(SET.parse(Map.of("heartbeat.interval", 30)).passed())
                .containsExactly(Map.entry("heartbeat.interval", "30"));
    }

    @Test
    void secretsAreRefusedBehindADotToo() {
        OptionSet options = OptionSet.of(Option.text("name", "", Option.Effect.LIVE, "A name."));
        assertThatThrownBy(() -> options.parse(Map.of(".api.key", "k")))
                .hasMessageContaining(".api.key")
                .hasMessageNotContaining("'k'");
        assertThatThrownBy(() -> options.parse(Map.of("Authorization", "k"))).hasMessageContaining("Authorization");
        assertThat(options.parse(Map.of(".note", "n", "service.pid", "p", "name", "x"))
                        .text("name"))
                .isEqualTo("x");
    }
}
