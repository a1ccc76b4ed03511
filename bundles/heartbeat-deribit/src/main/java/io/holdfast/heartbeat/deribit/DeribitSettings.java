// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.deribit;

import static io.holdfast.api.options.Option.Effect.LIVE;

import io.holdfast.api.options.Durations;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The options of a Deribit heartbeat, checked.
 *
 * @param interval time between two {@code test_request}s asked for
 * @param seconds the same as it is sent: whole seconds of the server
 * @param roundTrip what is added to the silence limit
 * @param limit time for the answer to {@code set_heartbeat}
 * @param marker beginning of the ids of the answers to {@code test_request}
 */
record DeribitSettings(Duration interval, long seconds, Duration roundTrip, Duration limit, String marker) {
    private static final String INTERVAL = "heartbeat.interval";
    private static final String UNIT = "heartbeat.unit";
    private static final String ROUND_TRIP = "heartbeat.round.trip";
    private static final String LIMIT = "heartbeat.limit";
    private static final String MARKER = "heartbeat.marker";

    /** The server refuses less (error -32602). */
    private static final long LEAST_SECONDS = 10;

    /** Far above anything useful, far below what overflows in the arithmetic on durations. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern MARKER_FORM = Pattern.compile("[A-Za-z0-9]{0,16}");

    static final OptionSet OPTIONS = OptionSet.of(
            Option.duration(
                    INTERVAL,
                    Duration.ofSeconds(10),
                    LIVE,
                    "Interval asked for with public/set_heartbeat, a whole number of heartbeat.unit, at least 10 of them."),
            Option.duration(
                    UNIT,
                    Duration.ofSeconds(1),
                    LIVE,
                    "Length of one second of the server; other than 1s only for simulators whose time runs faster."),
            Option.duration(
                    ROUND_TRIP,
                    Duration.ofSeconds(1),
                    LIVE,
                    "Time allowed for the network on top of the silence limit of two intervals."),
            Option.duration(LIMIT, Duration.ofSeconds(10), LIVE, "Limit for the answer to public/set_heartbeat."),
            Option.text(
                    MARKER,
                    "",
                    LIVE,
                    "Beginning of the id of every answer to a test_request, letters and digits, at most 16: tells in a capture who answered."));

    static DeribitSettings of(OptionValues values) {
        Duration interval = bounded(values, INTERVAL);
        Duration unit = bounded(values, UNIT);
        if (interval.toMillis() % unit.toMillis() != 0) {
            throw new InvalidOptionException(
                    INTERVAL, "must be a whole number of heartbeat.unit (" + Durations.format(unit) + ")");
        }
        long seconds = interval.toMillis() / unit.toMillis();
        if (seconds < LEAST_SECONDS) {
            throw new InvalidOptionException(
                    INTERVAL,
                    "must be at least " + Durations.format(unit.multipliedBy(LEAST_SECONDS))
                            + ", the server accepts no less");
        }
        String marker = values.optionalText(MARKER).orElse("");
        if (!MARKER_FORM.matcher(marker).matches()) {
            throw new InvalidOptionException(MARKER, "must be letters and digits, at most 16");
        }
        return new DeribitSettings(interval, seconds, bounded(values, ROUND_TRIP), bounded(values, LIMIT), marker);
    }

    private static Duration bounded(OptionValues values, String name) {
        Duration d = values.positive(name);
        if (d.compareTo(LONGEST) > 0) {
            throw new InvalidOptionException(name, "must not be above " + Durations.format(LONGEST));
        }
        return d;
    }
}
