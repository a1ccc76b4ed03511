// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What slow listeners ask of the connection: to be replaced, or to stop reading for a while. Guarded by the {@link Turn}. */
final class Pressure {
    private final Delivery.Owner owner;

    /** The connection is to be replaced and the owner knows. */
    private boolean told;

    /** Lanes that have no room under {@code overflow=block}. */
    private int full;

    /** The connections that were told to stop reading: more than one while one replaces the other. */
    private final Set<Long> stopped = new TreeSet<>();

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
            List<Long> waiting = List.copyOf(stopped);
            stopped.clear();
            waiting.forEach(owner::demand);
        }
    }

    /** Whether the connection may go on reading; if not, the owner will be told when it may. */
    boolean mayRead(long connection) {
        if (full == 0) {
            return true;
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
        stopped.removeIf(number -> number <= connection);
    }

    void resumed() {
        told = false;
    }
}
