// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The simulator's Deribit with faster time, and the configuration of a client for it. */
public final class DeribitClient {

    public static final String PATH = "/ws/api/v2";
    public static final String CHANNEL = "ticker.BTC-PERPETUAL.100ms";

    private DeribitClient() {}

    /**
     * A simulator whose Deribit seconds last so long.
     *
     * @param rate messages per second and channel
     */
    public static Simulator simulator(Duration unit, double rate) {
        return Simulator.start(
                SimulatorOptions.builder().heartbeatUnit(unit).rate(rate).build());
    }

    /** Options of a client that subscribes to {@link #CHANNEL}; may be changed. */
    public static Map<String, Object> options(Simulator simulator, Duration unit) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("uri", simulator.uri(PATH).toString());
        options.put("heartbeat.type", "deribit");
        options.put("heartbeat.unit", unit.toMillis() + "ms");
        options.put("heartbeat.interval", unit.multipliedBy(10).toMillis() + "ms");
        options.put("heartbeat.round.trip", "10s");
        options.put("open.messages", new String[] {subscribe(CHANNEL)});
        options.put("open.messages.expect", new String[] {"\"id\":\"sub\""});
        options.put("reconnect.floor", "20ms");
        options.put("reconnect.initial", "20ms");
        options.put("reconnect.maximum", "100ms");
        return options;
    }

    public static String subscribe(String channel) {
        return "{\"jsonrpc\":\"2.0\",\"id\":\"sub\",\"method\":\"public/subscribe\",\"params\":{\"channels\":[\""
                + channel + "\"]}}";
    }
}
