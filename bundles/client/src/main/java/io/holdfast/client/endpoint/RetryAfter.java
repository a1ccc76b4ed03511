// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@code Retry-After} field: seconds, or a date in one of the three forms of RFC 9110, 5.6.7. Stateless. */
public final class RetryAfter {
    /** Longer waits are cut to this, about 292 years, so that a result always fits into nanoseconds. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private static final int LONGEST_FIELD = 64;
    private static final Pattern SECONDS = Pattern.compile("\\d+");
    private static final String TIME = "(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})";
    private static final List<Pattern> DATES = List.of(
            Pattern.compile("[A-Z][a-z]{2}, (?<day>\\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) " + TIME + " GMT"),
            Pattern.compile("[A-Z][a-z]{5,8}, (?<day>\\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\\d{2}) " + TIME + " GMT"),
            Pattern.compile("[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) " + TIME + " (?<year>\\d{4})"));
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    private RetryAfter() {}

    /**
     * How long the server asks to wait; the caller sets an upper bound.
     *
     * @param wallNow to understand dates
     * @return empty for a date that has passed and for anything that is neither form
     */
    public static Optional<Duration> parse(String text, Instant wallNow) {
        if (text == null || text.length() > LONGEST_FIELD) {
            return Optional.empty();
        }
        String field = text.strip();
        if (SECONDS.matcher(field).matches()) {
            return Optional.of(seconds(field));
        }
        for (Pattern form : DATES) {
            Matcher m = form.matcher(field);
            if (m.matches()) {
                return date(m, wallNow)
                        .map(date -> Duration.between(wallNow, date))
                        .filter(d -> !d.isNegative())
                        .map(RetryAfter::cut);
            }
        }
        return Optional.empty();
    }

    private static Duration seconds(String digits) {
        try {
            return cut(Duration.ofSeconds(Long.parseLong(digits)));
        } catch (NumberFormatException e) {
            // Nothing but digits, so it can only be too large.
            return LONGEST;
        }
    }

    private static Duration cut(Duration d) {
        return d.compareTo(LONGEST) > 0 ? LONGEST : d;
    }

    private static Optional<Instant> date(Matcher m, Instant wallNow) {
        int second = number(m, "second");
        // A leap second has no place in java.time; the next second is what it means here.
        int leap = second == 60 ? 1 : 0;
        try {
            LocalDateTime date = LocalDateTime.of(
                    number(m, "year"),
                    MONTHS.indexOf(m.group("month")) + 1,
                    number(m, "day"),
                    number(m, "hour"),
                    number(m, "minute"),
                    second - leap);
            if (m.group("year").length() == 2) {
                date = century(date, wallNow);
            }
            return Optional.of(date.plusSeconds(leap).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A two-digit year that seems more than 50 years ahead is the latest past year with these digits (RFC 9110, 5.6.7). */
    private static LocalDateTime century(LocalDateTime date, Instant wallNow) {
        LocalDateTime now = LocalDateTime.ofInstant(wallNow, ZoneOffset.UTC);
        LocalDateTime here = date.plusYears(now.getYear() / 100 * 100L);
        if (here.isAfter(now.plusYears(50))) {
            return here.minusYears(100);
        }
        return here.plusYears(100).isAfter(now.plusYears(50)) ? here : here.plusYears(100);
    }

    private static int number(Matcher m, String group) {
        return Integer.parseInt(m.group(group).strip());
    }
}
