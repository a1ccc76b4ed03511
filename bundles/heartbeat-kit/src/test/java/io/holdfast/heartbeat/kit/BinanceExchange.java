// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.simulator.Received;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;

/**
 * Binance as the simulator plays it.
 *
 * @param unit length of one second of the exchange
 * @param prefix of the paths: empty for spot, {@code /public} for USD-M
 */
record BinanceExchange(Duration unit, String prefix) implements Peer {
    @Override
    public SimulatorOptions.Builder simulator() {
        return SimulatorOptions.builder().heartbeatUnit(unit).rate(50).binanceMessageLimit(0);
    }

    @Override
    public Line idle() {
        return new Line(prefix + "/ws", List.of());
    }

    @Override
    public Line busy() {
        return new Line(prefix + "/ws/btcusdt@depth", List.of());
    }

    @Override
    public boolean isBeat(Received received) {
        return received.kind() == Received.Kind.PONG;
    }

    @Override
    public boolean pongsSuffice() {
        return true;
    }
}
