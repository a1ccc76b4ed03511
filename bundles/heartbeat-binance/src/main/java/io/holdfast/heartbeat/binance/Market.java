// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.binance;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How often Binance pings, and how long it waits for the pong, by market. */
enum Market {
    /** Streams and WebSocket API. Since February 2025; three minutes and ten before. */
    SPOT(Duration.ofSeconds(20), Duration.ofSeconds(60)),
    USDM(Duration.ofMinutes(3), Duration.ofMinutes(10)),
    OPTIONS(Duration.ofMinutes(5), Duration.ofMinutes(15));

    private final Duration interval;
    private final Duration deadline;

    Market(Duration interval, Duration deadline) {
        this.interval = interval;
        this.deadline = deadline;
    }

    Duration interval() {
        return interval;
    }

    Duration deadline() {
        return deadline;
    }

    String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Market of(String option) {
        return valueOf(option.toUpperCase(Locale.ROOT));
    }

    static List<String> choices() {
        return Arrays.stream(values()).map(Market::option).toList();
    }
}
