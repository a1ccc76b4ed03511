// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.util.LinkedHashSet;
import java.util.Set;

/** One request and what became of it. Guarded by the lock of {@link EndpointGroups}, except for what is final. */
final class Ticket {
    enum State {
        WAITING,
        /** Granted; the attempt or its connection has not ended. */
        OPEN,
        DONE
    }

    /** A host and the group it belongs to at the moment. */
    static final class Host {
        final String name;
        /** Those that are not {@link State#DONE}, oldest first. */
        final Set<Ticket> tickets = new LinkedHashSet<>();

        EndpointGroup group;
        long usedAt;

        Host(String name, EndpointGroup group) {
            this.name = name;
            this.group = group;
        }

        /** Unused for that long, and for so long that nothing of it counts in its group any more. */
        boolean isUnused(long spanNanos, long now) {
            return tickets.isEmpty()
                    && now - usedAt
                            >= Math.max(spanNanos, group.budget().policy().windowNanos());
        }
    }

    final Host host;
    final String clientId;
    final boolean wasStable;

    /** Null once it was told. Of whoever was given the ticket to tell of its grant. */
    private Runnable granted;

    State state = State.WAITING;

    /** Once it is open: when its attempt was granted or, if that was later, began. */
    long countedAt;

    Ticket(Host host, String clientId, boolean wasStable, Runnable granted) {
        this.host = host;
        this.clientId = clientId;
        this.wasStable = wasStable;
        this.granted = granted;
    }

    /** Whom to tell of the grant, once; nothing of the client is held afterwards. */
    Runnable takeGranted() {
        Runnable taken = granted;
        granted = null;
        return taken;
    }

    /** Takes its place in the group its host belongs to now, instead of an earlier ticket of the client that waits there. */
    void join(long now) {
        host.tickets.add(this);
        host.group.admit(this, now).ifPresent(replaced -> replaced.done(now));
    }

    /** Leaves the group, whatever the state. */
    void end(long now) {
        host.group.withdraw(this);
        done(now);
    }

    private void done(long now) {
        state = State.DONE;
        host.tickets.remove(this);
        host.usedAt = now;
    }
}
