// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.options.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The configuration in force, read from Config Admin; a default of a group is written down here when its README says it. */
final class Settings {

    private static final String GROUP = "io.holdfast.supervisor~trading";
    private static final String SIMULATOR = "io.holdfast.simulator";

    private final ConfigurationAdmin admin;
    private final ServiceReference<?> reader;

    /** @param reader for whom values are filled in, as plugins of Config Admin want to know */
    Settings(ConfigurationAdmin admin, ServiceReference<?> reader) {
        this.admin = admin;
        this.reader = reader;
    }

    ClientOptions client(Target target) {
        Map<String, Object> map = read(pid(target));
        map.keySet().removeIf(name -> name.startsWith("service.") || name.startsWith("felix.") || name.startsWith(":"));
        return ClientOptions.of(map);
    }

    HeartbeatLimits heartbeat(Target target) {
        Map<String, Object> map = read(pid(target));
        return target.equals(Target.DERIBIT) ? HeartbeatLimits.deribit(map) : HeartbeatLimits.binance(map);
    }

    int intensity() {
        return Integer.parseInt(read(GROUP).getOrDefault("intensity", 10).toString());
    }

    Duration restartDelay() {
        return Durations.parse(read(GROUP).getOrDefault("restart.delay", "0s").toString());
    }

    /** Messages per second of each stream. */
    double rate() {
        return Double.parseDouble(read(SIMULATOR).getOrDefault("rate", 10).toString());
    }

    private static String pid(Target target) {
        return ClientOptions.PID + "~" + target.id();
    }

    private Map<String, Object> read(String pid) {
        try {
            Configuration[] found = admin.listConfigurations("(service.pid=" + pid + ")");
            if (found == null) {
                throw new IllegalStateException("there is no configuration " + pid);
            }
            Dictionary<String, Object> values = found[0].getProcessedProperties(reader);
            Map<String, Object> map = new HashMap<>();
            values.keys().asIterator().forEachRemaining(name -> map.put(name, values.get(name)));
            return map;
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("configuration " + pid + " cannot be read", e);
        }
    }
}
