// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0ms",
        "PT0.25S, 250ms",
        "PT0.9999S, 999ms",
        "PT1S, 1s",
        "PT12.34S, 12.3s",
        "PT59.99S, 59.9s",
        "PT1M, 1m",
        "PT5M12S, 5m 12s",
        "PT1H, 1h",
        "PT3H5M59S, 3h 5m",
        "PT24H, 1d",
        "PT52H30M, 2d 4h",
        "PT-2S, -2s"
    })
    void durations(Duration duration, String text) {
        assertThat(Format.duration(duration)).isEqualTo(text);
    }

    @Test
    void roundTripsAreFinerWhenShort() {
        assertThat(Format.roundTrip(Duration.ofNanos(1_234_000))).isEqualTo("1.23ms");
        assertThat(Format.roundTrip(Duration.ofMillis(140))).isEqualTo("140ms");
    }

    @Test
    void timeIsUtc() {
        assertThat(Format.time(Instant.parse("2026-11-22T08:00:00.007Z"))).isEqualTo("2026-11-22 08:00:00.007Z");
    }

    @Test
    void foreignTextCannotMoveTheCursorOrReorderALine() {
        assertThat(Format.text("a\u001b[2Jb\nc\u202ed\u009be\u2028f"))
                .isEqualTo("a\\u001b[2Jb\\u000ac\\u202ed\\u009be\\u2028f");
        assertThat(Format.text("caf\u00e9 \u20ac")).isEqualTo("caf\u00e9 \u20ac");
        assertThat(Format.text("\ud83d\ude00 \ud800")).isEqualTo("\ud83d\ude00 \\ud800");
    }

    @Test
    void foreignTextIsCut() {
        assertThat(Format.text("x".repeat(10_000))).isEqualTo("x".repeat(256) + "...");
        assertThat(Format.text("x".repeat(256))).isEqualTo("x".repeat(256));
    }

    @Test
    void columnsAreAligned() {
        Table table = new Table("a", "long head", "c").row("wide cell", "x", "").row("y", "\u20ac", "z");
        assertThat(table).hasToString("""
        a          long head  c
        wide cell  x
        y          \u20ac          z""");
        assertThatThrownBy(() -> table.row("too few")).isInstanceOf(IllegalArgumentException.class);
    }
}
