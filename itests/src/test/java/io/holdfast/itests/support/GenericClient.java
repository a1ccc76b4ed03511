// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import io.holdfast.simulator.Simulator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configuration of a client for the simulator's exchange of no name: numbered data at once, no heartbeat. */
public final class GenericClient {

    private GenericClient() {}

    /** The path, which is also the channel of the numbered data. */
    public static String path(String id) {
        return "/generic/" + id;
    }

    /** Options of a client that listens to its own path and reconnects quickly; may be changed. */
    public static Map<String, Object> options(Simulator simulator, String id) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("uri", simulator.uri(path(id)).toString());
        options.put("heartbeat.type", "none");
        options.put("listeners.required", 0);
        options.put("reconnect.floor", "20ms");
        options.put("reconnect.initial", "20ms");
        options.put("reconnect.maximum", "50ms");
        return options;
    }

    /** The same, in a group, and with the next loss of its young connection as the end of its incarnation. */
    public static Map<String, Object> fragile(Simulator simulator, String id, String group) {
        Map<String, Object> options = options(simulator, id);
        options.put("supervisor.group", group);
        options.put("reconnect.attempts", 1);
        return options;
    }
}
