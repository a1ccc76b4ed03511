// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.plugin;

import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.options.Durations;
import io.holdfast.api.options.OptionSet;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.FrameworkUtil;

/** The real plugin with a marker of its bundle in every answer, so that the exchange sees which version is at work. */
final class MarkedDeribit {

    private static final String HEADER = "X-Marker";
    private static final String MARKER = "heartbeat.marker";

    private final DeribitHeartbeat real = new DeribitHeartbeat();
    private final String marker =
            FrameworkUtil.getBundle(MarkedDeribit.class).getHeaders().get(HEADER);

    OptionSet options() {
        return real.options();
    }

    Heartbeat open(HeartbeatContext context) {
        Map<String, String> options = Stream.of(
                        "heartbeat.interval", "heartbeat.unit", "heartbeat.round.trip", "heartbeat.limit")
                .collect(Collectors.toMap(
                        name -> name,
                        name -> Durations.format(context.options().duration(name)),
                        (a, b) -> a,
                        TreeMap::new));
        options.put(MARKER, marker);
        return real.open(new HeartbeatContext(context.clientId(), real.options().parse(options)));
    }
}
