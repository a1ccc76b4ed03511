// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.heartbeat.binance.BinanceHeartbeat;
import java.time.Duration;
import java.util.Map;

/** Binance spot, twenty times as fast: a ping each second, its pong wanted within three. */
class BinanceConformanceTest implements HeartbeatConformance {
    @Override
    public Subject subject() {
        return new Subject(
                new BinanceHeartbeat(),
                Map.of("heartbeat.interval", "1s", "heartbeat.deadline", "3s", "heartbeat.round.trip", "500ms"),
                new BinanceExchange(Duration.ofMillis(50), ""),
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                Duration.ofSeconds(1));
    }
}
