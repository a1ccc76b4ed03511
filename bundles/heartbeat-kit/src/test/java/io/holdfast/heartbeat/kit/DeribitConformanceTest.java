// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Deribit, ten times as fast: a test_request about each second, to be answered within another. */
class DeribitConformanceTest implements HeartbeatConformance {
    private static final Duration UNIT = Duration.ofMillis(100);

    @Override
    public Subject subject() {
        return new Subject(
                new DeribitHeartbeat(),
                Map.of("heartbeat.interval", "1s", "heartbeat.unit", "100ms", "heartbeat.round.trip", "500ms"),
                new Exchange(),
                UNIT.multipliedBy(23),
                Duration.ofMillis(2500),
                UNIT.multipliedBy(10));
    }

    private static final class Exchange implements Peer {
        private static final String PATH = "/ws/api/v2";
        private static final String SUBSCRIBE =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"ticker.BTC-PERPETUAL.100ms\"]}}";

        @Override
        public SimulatorOptions.Builder simulator() {
            return SimulatorOptions.builder().heartbeatUnit(UNIT).rate(50);
        }

        @Override
        public Line idle() {
            return new Line(PATH, List.of());
        }

        @Override
        public Line busy() {
            return new Line(PATH, List.of(SUBSCRIBE));
        }

        @Override
        public boolean isBeat(Received received) {
            return received.text().contains("\"public/test\"");
        }
    }
}
