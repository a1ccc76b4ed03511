// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import io.holdfast.client.endpoint.BanStore.Ban;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.SerialLane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All endpoint groups of a bundle or {@code Holdfast} instance: who may connect where, and when. A host belongs to the
 * configured group with the most specific matching pattern, otherwise it is a group of its own with
 * {@link AttemptPolicy#DEFAULT}, forgotten when it is no longer used. Thread-safe; nothing blocks.
 */
public final class EndpointGroups implements AutoCloseable {
    /** A request for one attempt and, once granted, the attempt and the connection that came of it. Thread-safe. */
    public interface Permit {
        /**
         * Gives it back: a waiting request is forgotten and will not be granted, a granted attempt or its connection has ended.
         * Calling it again, or after {@link EndpointGroups#attemptEnded}, does nothing.
         */
        void cancel();
    }

    private final Logger log = LoggerFactory.getLogger(EndpointGroups.class);
    private final Environment environment;
    private final BanStore store;
    private final Executor saving;

    /**
     * Guards every field below and all that is reached from there: groups, hosts, tickets, bans. Held for bookkeeping and
     * for setting timers; never while {@code granted} runs, a file is written or something is logged.
     */
    private final Object lock = new Object();

    private final HostGroups groups = new HostGroups();
    private boolean closed;

    /** Reads the bans that are still in force. */
    public EndpointGroups(Environment environment, BanStore store) {
        this.environment = environment;
        this.store = store;
        this.saving = new SerialLane(environment.publishing(), e -> log.error("Bans could not be stored", e));
        Instant wallNow = environment.wallTime();
        long now = environment.nanoTime();
        for (Ban ban : store.read(wallNow)) {
            groups.ban(
                    new Bans.Active(
                            ban, now + Duration.between(wallNow, ban.until()).toNanos()),
                    now);
            log.info("Endpoint group {} is still banned until {}: {}", ban.group(), ban.until(), ban.cause());
        }
    }

    /**
     * Asks for one attempt. A client waits at most once in a group: a second request takes the place of the first, which is
     * then never granted.
     *
     * @param host name from the URI
     * @param wasStable whether this is the first attempt after the loss of a stable connection
     * @param granted runs once, on any thread, also before this returns; must only post
     */
    public Permit request(String host, String clientId, boolean wasStable, Runnable granted) {
        Ticket ticket;
        List<Ticket> ready;
        synchronized (lock) {
            if (closed) {
                return () -> {};
            }
            long now = environment.nanoTime();
            ticket = new Ticket(groups.host(host, now), clientId, wasStable, granted);
            ticket.join(now);
            ready = pump(ticket.host.group, now);
        }
        run(ready);
        return () -> end(ticket);
    }

    /**
     * A granted attempt of the client failed, or the connection it led to has ended: its oldest one to that host, or else its
     * oldest one at all, as the host of a client may have been changed meanwhile. Without a granted attempt nothing happens.
     */
    public void attemptEnded(String host, String clientId) {
        List<Ticket> ready;
        synchronized (lock) {
            ready = groups.oldestOpen(host, clientId).map(this::leave).orElse(List.of());
        }
        run(ready);
    }

    /** Takes a token for an attempt without delay; the attempt itself is requested like any other. None during a ban. */
    public boolean takeBurst(String host) {
        synchronized (lock) {
            long now = environment.nanoTime();
            return !closed && groups.host(host, now).group.budget().takeBurst(now);
        }
    }

    /**
     * The server said how long to stay away: the host's whole group waits. A longer ban in force remains.
     *
     * @param length cut to {@link BanStore#LONGEST}; not positive: no ban
     * @param cause for people; without secrets
     */
    public void ban(String host, Duration length, String cause) {
        if (length.isZero() || length.isNegative()) {
            return;
        }
        Duration span = length.compareTo(BanStore.LONGEST) > 0 ? BanStore.LONGEST : length;
        Ban ban;
        synchronized (lock) {
            if (closed) {
                return;
            }
            long now = environment.nanoTime();
            EndpointGroup group = groups.host(host, now).group;
            ban = new Ban(environment.wallTime().plus(span), group.id(), HostPattern.normal(host), cause);
            if (!groups.ban(new Bans.Active(ban, now + span.toNanos()), now)) {
                return;
            }
            group.arm(environment, now, at -> wake(group, at));
            List<Ban> all = groups.bans(now);
            // Under the lock, so that the newest list is written last.
            saving.execute(() -> store.write(all));
        }
        log.warn("Endpoint group {} is banned until {}: {}", ban.group(), ban.until(), ban.cause());
    }

    /** The ban of the host's group, if one is in force. */
    public Optional<BanInfo> banned(String host) {
        synchronized (lock) {
            long now = environment.nanoTime();
            return closed ? Optional.empty() : groups.host(host, now).group.banInfo(now);
        }
    }

    /** The client's newest attempt was granted a while ago, and begins now: from here on it counts in the window. */
    public void attemptBegins(String host, String clientId) {
        synchronized (lock) {
            long now = environment.nanoTime();
            groups.newestOpen(host, clientId).ifPresent(ticket -> {
                ticket.host.group.budget().postponed(ticket.countedAt, now);
                ticket.countedAt = now;
            });
        }
    }

    /** How long what is granted counts at least, so that an attempt that begins later than this is not counted in between. */
    public Duration window(String host) {
        synchronized (lock) {
            return Duration.ofNanos(groups.host(host, environment.nanoTime())
                    .group
                    .budget()
                    .policy()
                    .windowNanos());
        }
    }

    /** Whether two hosts are the same, or of the same configured group. */
    public boolean together(String host, String other) {
        synchronized (lock) {
            return groups.together(host, other);
        }
    }

    /** The host's group, if its clients share the exchange's limits. */
    public Optional<String> limitsSharedIn(String host) {
        synchronized (lock) {
            if (closed) {
                return Optional.empty();
            }
            EndpointGroup group = groups.host(host, environment.nanoTime()).group;
            return group.options().filter(EndpointGroupOptions::limitsShared).map(o -> group.id());
        }
    }

    /** Adds a group or changes it, from the next decision on; connections stay, and count where their hosts belong now. */
    public void configure(String groupId, EndpointGroupOptions options) {
        List<Ticket> ready;
        synchronized (lock) {
            long now = environment.nanoTime();
            ready = closed ? List.of() : pump(groups.configure(groupId, options, now), now);
        }
        run(ready);
    }

    /** Forgets the configuration of a group; its hosts become groups of their own or fall to other groups. */
    public void remove(String groupId) {
        List<Ticket> ready;
        synchronized (lock) {
            long now = environment.nanoTime();
            ready = closed ? List.of() : pump(groups.remove(groupId, now), now);
        }
        run(ready);
    }

    /** All groups, configured or in use, by id. */
    public List<GroupStatus> status() {
        synchronized (lock) {
            long now = environment.nanoTime();
            return groups.inUse(now).stream()
                    .map(g -> g.status(now))
                    .sorted(Comparator.comparing(GroupStatus::id))
                    .toList();
        }
    }

    /** Ends the timers; nothing is granted any more. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            groups.clear();
        }
    }

    private void end(Ticket ticket) {
        List<Ticket> ready;
        synchronized (lock) {
            ready = closed || ticket.state == Ticket.State.DONE ? List.of() : leave(ticket);
        }
        run(ready);
    }

    private void wake(EndpointGroup group, long at) {
        List<Ticket> ready;
        synchronized (lock) {
            if (closed) {
                return;
            }
            group.fired(at);
            ready = pump(group, environment.nanoTime());
        }
        run(ready);
    }

    /** Runs outside of the lock. */
    private void run(List<Ticket> ready) {
        for (Ticket ticket : ready) {
            try {
                ticket.takeGranted().run();
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                // The others must get their turn, and the place must not be lost.
                log.error("Client {} could not be told of its turn at {}", ticket.clientId, ticket.host.name, e);
                end(ticket);
            }
        }
    }

    // From here on with the lock held.

    private List<Ticket> leave(Ticket ticket) {
        long now = environment.nanoTime();
        ticket.end(now);
        return pump(ticket.host.group, now);
    }

    private List<Ticket> pump(EndpointGroup group, long now) {
        List<Ticket> ready = group.takeGrants(now);
        group.arm(environment, now, at -> wake(group, at));
        return ready;
    }

    private List<Ticket> pump(Set<EndpointGroup> touched, long now) {
        List<Ticket> ready = new ArrayList<>();
        touched.forEach(g -> ready.addAll(pump(g, now)));
        return ready;
    }
}
