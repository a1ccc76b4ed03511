// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.binance;

import static io.holdfast.api.options.Option.Effect.LIVE;

import io.holdfast.api.options.Durations;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import java.time.Duration;
import java.util.List;

/**
 * The options of a Binance heartbeat, checked.
 *
 * @param deadline the connection is dead when no ping of the server came for this long
 * @param silence the connection is dead when nothing at all came for this long
 */
record BinanceSettings(Duration deadline, Duration silence) {
    private static final String PROFILE = "heartbeat.profile";
    private static final String INTERVAL = "heartbeat.interval";
    private static final String DEADLINE = "heartbeat.deadline";
    private static final String ROUND_TRIP = "heartbeat.round.trip";
    private static final String SILENCE = "heartbeat.silence";

    /** A connection is cut after a day in any case. */
    private static final Duration LONGEST = Duration.ofDays(1);

    static final OptionSet OPTIONS = OptionSet.of(
            Option.choice(
                    PROFILE,
                    Market.SPOT.option(),
                    LIVE,
                    Market.choices(),
                    "The market: spot (streams and WebSocket API) 20s/60s, usdm 3m/10m, options 5m/15m."),
            optional(INTERVAL, "Time between two pings of the server; default: that of the profile."),
            optional(
                    DEADLINE,
                    "Dead when no ping of the server came for this long; default: the time in which the profile's server wants its pong."),
            Option.duration(
                    ROUND_TRIP,
                    Duration.ofSeconds(1),
                    LIVE,
                    "Time allowed for the network on top of the silence limit of two intervals."),
            optional(
                    SILENCE,
                    "Dead when nothing at all came for this long; default: two intervals and heartbeat.round.trip."));

    static BinanceSettings of(OptionValues values) {
        Market market = Market.of(values.text(PROFILE));
        Duration interval = bounded(values, INTERVAL, market.interval());
        Duration deadline = bounded(values, DEADLINE, market.deadline());
        if (deadline.compareTo(interval) <= 0) {
            throw new InvalidOptionException(
                    values.has(DEADLINE) ? DEADLINE : INTERVAL,
                    "heartbeat.deadline (" + Durations.format(deadline) + ") must be above heartbeat.interval ("
                            + Durations.format(interval) + ")");
        }
        Duration roundTrip = bounded(values, ROUND_TRIP, Duration.ZERO);
        return new BinanceSettings(
                deadline, bounded(values, SILENCE, interval.multipliedBy(2).plus(roundTrip)));
    }

    private static Option optional(String name, String description) {
        return new Option(name, Option.Type.DURATION, "", LIVE, List.of(), description);
    }

    private static Duration bounded(OptionValues values, String name, Duration otherwise) {
        if (!values.has(name)) {
            return otherwise;
        }
        Duration d = values.positive(name);
        if (d.compareTo(LONGEST) > 0) {
            throw new InvalidOptionException(name, "must not be above " + Durations.format(LONGEST));
        }
        return d;
    }
}
