// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.util.Set;
import java.util.TreeSet;

/** What slow listeners ask of the connection: to be replaced, or to stop reading for a while. Guarded by the {@link Turn}. */
final class Pressure {
    private final Delivery.Owner owner;

    /** The connection is to be replaced and the owner knows. */
    private boolean told;

    /** Lanes that have no room under {@code overflow=block}. */
    private int full;

    /** The connections that were told to stop reading: more than one while one replaces the other. Made when there is one. */
    private Set<Long> stopped = Set.of();

    Pressure(Delivery.Owner owner) {
        this.owner = owner;
    }

    void replace(String why) {
        if (!told) {
            told = true;
            owner.overflowed(why);
        }
    }

    void laneFull() {
        full++;
    }

    void laneFree() {
        full--;
        if (full == 0) {
            Set<Long> waiting = stopped;
            stopped = Set.of();
            waiting.forEach(owner::demand);
        }
    }

    /** Whether the connection may go on reading; if not, the owner will be told when it may. */
    boolean mayRead(long connection) {
        if (full == 0) {
            return true;
        }
        if (stopped.isEmpty()) {
            stopped = new TreeSet<>();
        }
        stopped.add(connection);
        return false;
    }

    /** Whether the connection was told to stop reading, and not yet that it may go on. */
    boolean hasStopped(long connection) {
        return stopped.contains(connection);
    }

    /** That connection and those before it have ended: none of them waits for demand. */
    void interrupted(long connection) {
        if (!stopped.isEmpty()) {
            stopped.removeIf(number -> number <= connection);
        }
    }

    void resumed() {
        told = false;
    }
}
