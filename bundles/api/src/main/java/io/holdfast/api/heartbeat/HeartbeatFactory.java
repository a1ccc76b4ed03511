// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import io.holdfast.api.options.OptionSet;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A heartbeat plugin: a stateless service with the property {@code heartbeat.type}; in plain Java found by
 * {@code ServiceLoader}. Of several with the same type the one with the highest {@code service.ranking} is used.
 *
 * <p>All methods run in the client's plugin lane, never on a selector. One that throws or takes longer than the client's
 * {@code plugin.limit} has made a fault; after three faults the plugin is quarantined for that client. Nothing a plugin
 * throws reaches the connection.
 */
@ConsumerType
public interface HeartbeatFactory {
    /** Service property: the type that clients name in their option of the same name. */
    String TYPE = "heartbeat.type";

    /** The same as the service property {@link #TYPE}. */
    String type();

    /** The plugin's own options, each named {@code heartbeat.…}; the engine parses them strictly. */
    OptionSet options();

    /**
     * Makes the heartbeat of one client. Called once for each binding and once for each change of options, not for each
     * connection: the engine executes the profile on every connection.
     */
    Heartbeat open(HeartbeatContext context);

    /**
     * The same for a client whose connection is open already. The engine does not repeat set-up steps whose text was
     * acknowledged on this connection, and sends those that are new.
     */
    default Heartbeat resume(HeartbeatContext context, HeartbeatState state) {
        return open(context);
    }
}
