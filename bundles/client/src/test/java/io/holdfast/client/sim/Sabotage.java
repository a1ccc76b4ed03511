// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.transport.Transport;
import io.holdfast.client.lanes.Environment;
import java.util.Map;

/** What a test breaks on purpose between the engine and its surroundings; nothing, unless overridden. */
class Sabotage {
    Environment environment(VirtualEnvironment sound) {
        return sound;
    }

    Transport transport(Transport sound, VirtualEnvironment environment) {
        return sound;
    }

    ConnectionListener observer(ConnectionListener sound) {
        return sound;
    }

    /** Options of a client as the engine gets them; the checker goes by the plan. */
    Map<String, Object> options(Map<String, Object> planned) {
        return planned;
    }

    /** Before the first client is made. */
    void prepare(Simulation simulation) {}
}
