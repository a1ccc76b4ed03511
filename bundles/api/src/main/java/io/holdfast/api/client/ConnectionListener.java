// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An observer of clients. In OSGi a service; the property {@code client.id} restricts it to one client. Called on a lane
 * of its own, events of one client in order; no order is promised against messages. One that lets more than 65,536 events
 * wait is not told those beyond, which is logged.
 */
@ConsumerType
public interface ConnectionListener {
    void onEvent(ConnectionEvent event);
}
