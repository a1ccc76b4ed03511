// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.Option.Effect;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import io.holdfast.simulator.SimulatorOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of PID {@code io.holdfast.simulator}. Pure. */
final class SimulatorConfiguration {

    private static final int MAX = Integer.MAX_VALUE;

    static final OptionSet OPTIONS = OptionSet.of(
            Option.integer("port", 0, Effect.RESTART, "Port on 127.0.0.1; 0 takes a free one."),
            Option.decimal("rate", 10, Effect.LIVE, "Messages per second of each channel."),
            Option.duration(
                    "heartbeat.unit",
                    Duration.ofSeconds(1),
                    Effect.RESTART,
                    "Length of one second of the exchanges' protocol timers."),
            Option.integer("seed", 1, Effect.RESTART, "Seed of everything that is shuffled or drawn."),
            Option.duration("expires.in", Duration.ofSeconds(900), Effect.RESTART, "Life of a Deribit login."),
            Option.flag(
                    "deribit.credits",
                    false,
                    Effect.RESTART,
                    "Whether Deribit's credits are counted; calls above them get 10028 and the connection ends."),
            Option.integer(
                    "binance.message.limit",
                    5,
                    Effect.RESTART,
                    "Frames per second a Binance client may send; 0 switches the limit off."),
            Option.texts("protocols", Effect.RESTART, "Sub-protocols agreed to, when offered."),
            Option.integer(
                    "connection.limit",
                    100_000,
                    Effect.RESTART,
                    "Open connections above which an upgrade is answered with 429."),
            Option.integer("message.max", 16 << 20, Effect.RESTART, "Largest message accepted, in bytes."),
            Option.integer("pending.max", 16 << 20, Effect.RESTART, "Bytes that may wait for one slow client."),
            Option.integer("received.keep", 64, Effect.RESTART, "Received messages kept for each connection."),
            Option.integer("accepts.keep", 4096, Effect.RESTART, "Ended connections kept in the accept log."),
            Option.texts(
                    "replay",
                    Effect.RESTART,
                    "Recordings played instead of numbered data, each as PATH=FILE-OR-DIRECTORY."),
            Option.decimal("replay.rate", 0, Effect.RESTART, "Recorded frames per second; 0 for full speed."),
            Option.text(
                    "replay.client",
                    "",
                    Effect.RESTART,
                    "The files are a recorder's, and this client's data in them are played; * for everybody's."),
            Option.decimal(
                    "replay.speed",
                    0,
                    Effect.RESTART,
                    "With replay.client: how much faster than recorded; 0 for the pace of replay.rate."));

    private SimulatorConfiguration() {}

    /** @throws InvalidOptionException naming the bad option */
    static OptionValues parse(Map<String, ?> raw) {
        OptionValues values = OPTIONS.parse(raw);
        options(values);
        recordings(values);
        replayRate(values);
        replaySpeed(values);
        return values;
    }

    static SimulatorOptions options(OptionValues values) {
        if (values.integer("port", 0) > 65_535) {
            throw new InvalidOptionException("port", "must be at most 65535");
        }
        Duration unit = values.positive("heartbeat.unit");
        if (unit.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidOptionException("heartbeat.unit", "must be at most 1h");
        }
        return SimulatorOptions.builder()
                .port(values.integer("port", 0))
                .rate(rate(values))
                .heartbeatUnit(unit)
                .seed(values.integer("seed", Integer.MIN_VALUE))
                .expiresIn(Math.max(1, values.positive("expires.in").toSeconds()))
                .deribitCredits(values.flag("deribit.credits"))
                .binanceMessageLimit(values.integer("binance.message.limit", 0))
                .protocols(values.has("protocols") ? values.texts("protocols").toArray(String[]::new) : new String[0])
                .connectionLimit(values.integer("connection.limit", 0))
                .maxMessage(limited(values, "message.max", 125, 1 << 30))
                .maxPending(limited(values, "pending.max", 1024, 1 << 30))
                .keepReceived(limited(values, "received.keep", 0, 1_000_000))
                .keepAccepts(limited(values, "accepts.keep", 1, 1_000_000))
                .build();
    }

    private static int limited(OptionValues values, String name, int minimum, int maximum) {
        int value = values.integer(name, minimum);
        if (value > maximum) {
            throw new InvalidOptionException(name, "must be at most " + maximum);
        }
        return value;
    }

    static double rate(OptionValues values) {
        return values.decimal("rate", 0, 100_000);
    }

    static double replayRate(OptionValues values) {
        return values.decimal("replay.rate", 0, MAX);
    }

    /** 0 for a pace that is not the recording's. */
    static double replaySpeed(OptionValues values) {
        double speed = values.decimal("replay.speed", 0, 1_000_000);
        if (speed > 0 && replayClient(values).isEmpty()) {
            throw new InvalidOptionException("replay.speed", "needs replay.client");
        }
        return speed;
    }

    /** Whose frames of a recorder's files are played; empty for files of another kind. */
    static Optional<String> replayClient(OptionValues values) {
        return values.optionalText("replay.client");
    }

    /** Recordings by path. */
    static Map<String, Path> recordings(OptionValues values) {
        Map<String, Path> recordings = new LinkedHashMap<>();
        for (String entry : values.has("replay") ? values.texts("replay") : List.<String>of()) {
            int split = entry.indexOf('=');
            if (split < 1 || !entry.startsWith("/") || split == entry.length() - 1) {
                throw new InvalidOptionException(
                        "replay", "each entry is PATH=FILE-OR-DIRECTORY, with a path like /stream");
            }
            recordings.put(entry.substring(0, split), Path.of(entry.substring(split + 1)));
        }
        return recordings;
    }
}
