// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        /** Those that are not {@link State#DONE}: of each client the oldest, which leads to newer ones. Clients in the order they came. */
        private final Map<String, Ticket> oldest = new LinkedHashMap<>();

        EndpointGroup group;
        long usedAt;

        Host(String name, EndpointGroup group) {
            this.name = name;
            this.group = group;
        }

        List<Ticket> tickets() {
            List<Ticket> all = new ArrayList<>(oldest.size());
            for (Ticket first : oldest.values()) {
                for (Ticket each = first; each != null; each = each.newer) {
                    all.add(each);
                }
            }
            return all;
        }

        Optional<Ticket> oldestOpen(String clientId) {
            Ticket found = oldest.get(clientId);
            while (found != null && found.state != State.OPEN) {
                found = found.newer;
            }
            return Optional.ofNullable(found);
        }

        Optional<Ticket> newestOpen(String clientId) {
            Ticket found = null;
            for (Ticket each = oldest.get(clientId); each != null; each = each.newer) {
                found = each.state == State.OPEN ? each : found;
            }
            return Optional.ofNullable(found);
        }

        /** A ticket that is there already keeps its place. */
        private void add(Ticket added) {
            Ticket last = oldest.putIfAbsent(added.clientId, added);
            while (last != null && last != added) {
                if (last.newer == null) {
                    last.newer = added;
                }
                last = last.newer;
            }
        }

        private void remove(Ticket gone) {
            Ticket first = oldest.get(gone.clientId);
            if (first == gone) {
                if (gone.newer == null) {
                    oldest.remove(gone.clientId);
                } else {
                    oldest.put(gone.clientId, gone.newer);
                }
            } else {
                for (Ticket each = first; each != null; each = each.newer) {
                    if (each.newer == gone) {
                        each.newer = gone.newer;
                    }
                }
            }
            gone.newer = null;
        }

        /** Unused for that long, and for so long that nothing of it counts in its group any more. */
        boolean isUnused(long spanNanos, long now) {
            return oldest.isEmpty()
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

    /** The next one of its client at its host. */
    private Ticket newer;

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
        host.add(this);
        host.group.admit(this, now).ifPresent(replaced -> replaced.done(now));
    }

    /** Leaves the group, whatever the state. */
    void end(long now) {
        host.group.withdraw(this);
        done(now);
    }

    private void done(long now) {
        state = State.DONE;
        host.remove(this);
        host.usedAt = now;
    }
}
