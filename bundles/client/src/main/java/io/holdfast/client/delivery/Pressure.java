// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

/** What slow listeners ask of the connection: to be replaced, or to stop reading for a while. Guarded by the {@link Turn}. */
final class Pressure {
    private static final long NOBODY = -1;

    private final Delivery.Owner owner;

    /** The connection is to be replaced and the owner knows. */
    private boolean told;

    /** Lanes that have no room under {@code overflow=block}. */
    private int full;

    /** The connection that was told to stop reading. */
    private long stopped = NOBODY;

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
        if (full == 0 && stopped != NOBODY) {
            long connection = stopped;
            stopped = NOBODY;
            owner.demand(connection);
        }
    }

    /** Whether the connection may go on reading; if not, the owner will be told when it may. */
    boolean mayRead(long connection) {
        if (full == 0) {
            return true;
        }
        stopped = connection;
        return false;
    }

    /** The connection has ended: nobody waits for demand. */
    void interrupted() {
        stopped = NOBODY;
    }

    void resumed() {
        told = false;
    }
}
