// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.options.Durations;
import java.time.Duration;
import java.util.Map;

/**
 * After what time a heartbeat plugin lets a connection be declared dead; derived from the options as its README says, whether or not the
 * plugin is there: a script that leaves it out must be measured against the same limits. Pure.
 *
 * @param silence when nothing at all came for this long
 * @param serverBeat when data came, but no heartbeat of the server
 */
record HeartbeatLimits(Duration silence, Duration serverBeat) {

    private static final Duration ROUND_TRIP = Duration.ofSeconds(1);

    /** Two intervals and the round trip; two and a half intervals. */
    static HeartbeatLimits deribit(Map<String, ?> options) {
        Duration interval = option(options, "heartbeat.interval", Duration.ofSeconds(10));
        Duration roundTrip = option(options, "heartbeat.round.trip", ROUND_TRIP);
        return new HeartbeatLimits(
                interval.multipliedBy(2).plus(roundTrip),
                interval.multipliedBy(5).dividedBy(2));
    }

    /** What the options say, for the spot market: else two intervals and the round trip; a minute. */
    static HeartbeatLimits binance(Map<String, ?> options) {
        Duration interval = option(options, "heartbeat.interval", Duration.ofSeconds(20));
        Duration roundTrip = option(options, "heartbeat.round.trip", ROUND_TRIP);
        return new HeartbeatLimits(
                option(options, "heartbeat.silence", interval.multipliedBy(2).plus(roundTrip)),
                option(options, "heartbeat.deadline", Duration.ofSeconds(60)));
    }

    private static Duration option(Map<String, ?> options, String name, Duration otherwise) {
        Object value = options.get(name);
        return value == null ? otherwise : Durations.parse(value.toString());
    }
}
