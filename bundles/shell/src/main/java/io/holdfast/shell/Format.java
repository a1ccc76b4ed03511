// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** How values are written on a terminal. Pure. */
final class Format {
    static final String NOTHING = "-";

    private static final int LONGEST = 256;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Format() {}

    /** Two units at most: {@code 250ms}, {@code 12.3s}, {@code 5m 12s}, {@code 3h 5m}, {@code 2d 4h}. */
    static String duration(Duration d) {
        if (d.isNegative()) {
            return "-" + duration(d.negated());
        }
        if (d.compareTo(Duration.ofSeconds(1)) < 0) {
            return d.toMillis() + "ms";
        }
        if (d.compareTo(Duration.ofMinutes(1)) < 0) {
            long tenths = d.toMillis() / 100;
            return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + "s";
        }
        if (d.compareTo(Duration.ofHours(1)) < 0) {
            return two(d.toMinutes(), "m", d.toSecondsPart(), "s");
        }
        return d.toDays() == 0
                ? two(d.toHours(), "h", d.toMinutesPart(), "m")
                : two(d.toDays(), "d", d.toHoursPart(), "h");
    }

    /** Finer below a millisecond and up to ten, where round trips lie. */
    static String roundTrip(Duration d) {
        return d.compareTo(Duration.ofMillis(10)) < 0
                ? String.format(Locale.ROOT, "%.2fms", d.toNanos() / 1e6)
                : duration(d);
    }

    static String duration(Optional<Duration> d) {
        return d.map(Format::duration).orElse(NOTHING);
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    /**
     * Text that somebody else made, fit for a terminal: whatever could move the cursor, hide or reorder what stands beside it
     * is escaped, and the rest is cut.
     */
    static String text(String foreign) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < foreign.length() && out.length() < LONGEST) {
            int c = foreign.codePointAt(i);
            i += Character.charCount(c);
            if (printable(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format("\\u%04x", c));
            }
        }
        return i < foreign.length() ? out + "..." : out.toString();
    }

    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String two(long big, String bigUnit, long small, String smallUnit) {
        return big + bigUnit + (small == 0 ? "" : " " + small + smallUnit);
    }
}
