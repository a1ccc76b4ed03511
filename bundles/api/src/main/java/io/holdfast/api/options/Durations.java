// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.options;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as users write them: a whole number and a unit, {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 1d}. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

    /** A hundred years: sums of two still fit into nanoseconds, on which every timer runs. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations() {}

    /**
     * @throws IllegalArgumentException if the text is not a whole number followed by a unit, or more than 36500 days
     */
    public static Duration parse(String text) {
        Matcher m = FORM.matcher(text.trim());
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "expected a whole number with a unit (ms, s, m, h, d), for instance 10s");
        }
        Duration unit = switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
        long n = Long.parseLong(m.group(1));
        if (n > LONGEST.dividedBy(unit)) {
            throw new IllegalArgumentException("is too long a time");
        }
        return unit.multipliedBy(n);
    }

    /** The shortest form that {@link #parse} reads back to the same duration; parts below a millisecond are dropped. */
    public static String format(Duration d) {
        long ms = d.toMillis();
        if (ms % 1000 != 0) {
            return ms + "ms";
        }
        long s = ms / 1000;
        if (s == 0 || s % 60 != 0) {
            return s + "s";
        }
        return s % 3600 == 0 ? s / 3600 + "h" : s / 60 + "m";
    }
}
