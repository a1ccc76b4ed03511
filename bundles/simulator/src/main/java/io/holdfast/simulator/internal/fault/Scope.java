// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.fault;

import io.holdfast.simulator.internal.net.Connection;
import java.util.Set;

/**
 * Which connections a fault is about.
 *
 * @param path a path prefix; empty for any
 * @param connections numbers, or null for any
 */
record Scope(String path, Set<Integer> connections) {

    static final Scope ALL = new Scope("", null);

    boolean covers(Connection connection, Routes routes) {
        return (connections == null || connections.contains(connection.number()))
                && (path.isEmpty() || routes.under(path, connection.path()));
    }
}
