// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.deribit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeribitSettingsTest {
    private static DeribitSettings settings(Map<String, ?> options) {
        return DeribitSettings.of(DeribitSettings.OPTIONS.parse(options));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heartbeat.interval   | 9s                | must be at least 10s",
                "heartbeat.interval   | 10500ms           | must be a whole number of heartbeat.unit (1s)",
                "heartbeat.interval   | 0s                | must be positive",
                "heartbeat.interval   | 2h                | must not be above 1h",
                "heartbeat.interval   | ten               | expected a whole number with a unit",
                "heartbeat.unit       | 0s                | must be positive",
                "heartbeat.round.trip | 0s                | must be positive",
                "heartbeat.round.trip | 1d                | must not be above 1h",
                "heartbeat.limit      | 0s                | must be positive",
                "heartbeat.marker     | a-b               | must be letters and digits",
                "heartbeat.marker     | abcdefghijklmnopq | must be letters and digits, at most 16",
                "heartbeat.intervall  | 10s               | unknown; did you mean 'heartbeat.interval'?",
            })
    void refusesByName(String name, String value, String reason) {
        assertThatThrownBy(() -> settings(Map.of(name, value)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining(reason);
    }

    @Test
    void leastIntervalFollowsTheUnit() {
        assertThatThrownBy(() -> settings(Map.of("heartbeat.interval", "90ms", "heartbeat.unit", "10ms")))
                .hasMessageContaining("must be at least 100ms");
        assertThat(settings(Map.of("heartbeat.interval", "100ms", "heartbeat.unit", "10ms"))
                        .seconds())
                .isEqualTo(10);
    }

    @Test
    void readmeHasARowForEveryOptionWithItsDefault() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("README.md"));
        assertThat(DeribitSettings.OPTIONS.options())
                .allSatisfy(o -> assertThat(rows)
                        .filteredOn(row -> row.startsWith("| `" + o.name() + "` |"))
                        .singleElement()
                        .satisfies(row -> assertThat(row)
                                .contains(o.defaultText().isEmpty() ? "|" : "| `" + o.defaultText() + "` |")));
    }

    @Test
    void everyOptionIsTheHeartbeats() {
        assertThat(DeribitSettings.OPTIONS.options())
                .allSatisfy(o -> assertThat(o.name()).startsWith("heartbeat."))
                .allSatisfy(o -> assertThat(o.effect()).isEqualTo(Option.Effect.LIVE));
    }
}
