// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1994-11-06T08:48:37Z");

    @ParameterizedTest
    @CsvSource({"0,0", "2,2", "120,120", "' 7 ',7", "007,7"})
    void readsSeconds(String text, long seconds) {
        assertThat(RetryAfter.parse(text, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999999999999999999999", "9223372036854775807", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void cutsWhatDoesNotFitIntoNanoseconds(String text) {
        assertThat(RetryAfter.parse(text, NOW))
                .hasValueSatisfying(d -> assertThat(d.toNanos()).isEqualTo(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void readsAllThreeFormsOfADate(String text) {
        assertThat(RetryAfter.parse(text, NOW)).contains(Duration.ofSeconds(60));
    }

    @Test
    void aDateOfThisMomentIsNoWait() {
        assertThat(RetryAfter.parse("Sun, 06 Nov 1994 08:48:37 GMT", NOW)).contains(Duration.ZERO);
    }

    @Test
    void takesALeapSecondAsTheNextSecond() {
        Instant before = Instant.parse("2016-12-31T23:59:59Z");
        assertThat(RetryAfter.parse("Sat, 31 Dec 2016 23:59:60 GMT", before)).contains(Duration.ofSeconds(1));
    }

    @Test
    void takesTwoDigitsOfAYearAsTheNearestWithinFiftyYears() {
        Instant turn = Instant.parse("2099-12-31T23:59:50Z");
        assertThat(RetryAfter.parse("Friday, 01-Jan-00 00:00:00 GMT", turn)).contains(Duration.ofSeconds(10));
        Instant early = Instant.parse("2026-11-22T00:00:00Z");
        assertThat(RetryAfter.parse("Sunday, 22-Nov-26 00:00:05 GMT", early)).contains(Duration.ofSeconds(5));
        assertThat(RetryAfter.parse("Monday, 22-Nov-99 00:00:05 GMT", early))
                .as("1999")
                .isEmpty();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "-1",
                "+1",
                "1.5",
                "1e3",
                "2s",
                "soon",
                "0x10",
                "٣",
                "1 2",
                "Sun, 06 Nov 1994 08:48:36 GMT",
                "Sunday, 06-Nov-94 08:48:36 GMT",
                "Sun Nov  6 08:48:36 1994",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Now 1994 08:49:37 GMT",
                "Sun, 31 Feb 1995 08:49:37 GMT",
                "Sun, 06 Nov 1995 24:00:00 GMT",
                "Sun, 06 Nov 1995 08:49:61 GMT",
                "Sun Nov  0 08:49:37 1995",
                "1995-11-06T08:49:37Z",
                "00000000000000000000000000000000000000000000000000000000000000000000000001"
            })
    void ignoresEverythingElse(String text) {
        assertThat(RetryAfter.parse(text, NOW)).isEmpty();
    }

    @Test
    void readsBackEveryMomentInEveryForm() {
        SplittableRandom random = new SplittableRandom(11);
        DateTimeFormatter[] forms = {
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US),
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US)
        };
        for (int i = 0; i < 3000; i++) {
            LocalDateTime now = LocalDateTime.ofEpochSecond(random.nextLong(4_000_000_000L), 0, ZoneOffset.UTC);
            LocalDateTime then = now.plusSeconds(random.nextLong(49L * 365 * 86_400));
            String text = forms[i % 3].format(then);
            assertThat(RetryAfter.parse(text, now.toInstant(ZoneOffset.UTC)))
                    .as(text + " at " + now)
                    .contains(Duration.between(now, then));
        }
    }
}
