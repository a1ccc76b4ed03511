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

    /** The connections that were told to stop reading: there are two while one replaces the other. */
    private long stopped = NOBODY;

    private long stoppedToo = NOBODY;

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
            long first = stopped;
            long second = stoppedToo;
            stopped = NOBODY;
            stoppedToo = NOBODY;
            if (first != NOBODY) {
                owner.demand(first);
            }
            if (second != NOBODY) {
                owner.demand(second);
            }
        }
    }

    /** Whether the connection may go on reading; if not, the owner will be told when it may. */
    boolean mayRead(long connection) {
        if (full == 0) {
            return true;
        }
        if (stopped == NOBODY || stopped == connection) {
            stopped = connection;
        } else {
            stoppedToo = connection;
        }
        return false;
    }

    /** That connection and those before it have ended: none of them waits for demand. */
    void interrupted(long connection) {
        if (stopped <= connection) {
            stopped = NOBODY;
        }
        if (stoppedToo <= connection) {
            stoppedToo = NOBODY;
        }
    }

    void resumed() {
        told = false;
    }
}
