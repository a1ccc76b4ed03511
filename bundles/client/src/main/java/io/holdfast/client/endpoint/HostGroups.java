// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import io.holdfast.client.endpoint.BanStore.Ban;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Which group each host belongs to, and which bans hold for it. Guarded by the lock of {@link EndpointGroups}. */
final class HostGroups {
    /** What an unused host did is remembered this long, for a configuration with a longer window that may come ... */
    private static final long KEEP_NANOS = TimeUnit.HOURS.toNanos(1);

    /** ... unless there are so many that memory matters more. */
    private static final int MANY_HOSTS = 1024;

    private final TreeMap<String, EndpointGroup> configured = new TreeMap<>();

    /** Hosts in use, and those used too recently to be forgotten. */
    private final TreeMap<String, Ticket.Host> hosts = new TreeMap<>();

    private final Bans bans = new Bans();

    /** The host by its name in a URI; from now on in use. */
    Ticket.Host host(String text, long now) {
        String name = HostPattern.normal(text);
        Ticket.Host host = hosts.get(name);
        if (host == null) {
            forgetUnused(now);
            host = new Ticket.Host(
                    name, configuredFor(name).orElseGet(() -> new EndpointGroup(name, Optional.empty(), now)));
            hosts.put(name, host);
            applyBans(now);
        }
        host.usedAt = now;
        return host;
    }

    /** The client's newest granted ticket for the host. */
    Optional<Ticket> newestOpen(String text, String clientId) {
        Ticket.Host host = hosts.get(HostPattern.normal(text));
        return host == null ? Optional.empty() : host.newestOpen(clientId);
    }

    boolean together(String host, String other) {
        String first = HostPattern.normal(host);
        String second = HostPattern.normal(other);
        Optional<EndpointGroup> group = configuredFor(first);
        return first.equals(second) || group.isPresent() && group.equals(configuredFor(second));
    }

    /** The client's oldest granted ticket for the host, or else for any host. */
    Optional<Ticket> oldestOpen(String text, String clientId) {
        Ticket.Host host = hosts.get(HostPattern.normal(text));
        Optional<Ticket> found = host == null ? Optional.empty() : host.oldestOpen(clientId);
        return found.isPresent()
                ? found
                : hosts.values().stream()
                        .flatMap(h -> h.oldestOpen(clientId).stream())
                        .findFirst();
    }

    /** Returns the groups in which something may have changed. */
    Set<EndpointGroup> configure(String groupId, EndpointGroupOptions options, long now) {
        EndpointGroup known = configured.get(groupId);
        if (known == null) {
            configured.put(groupId, new EndpointGroup(groupId, Optional.of(options), now));
        } else if (known.options().equals(Optional.of(options))) {
            return Set.of();
        } else {
            known.change(options, now);
        }
        return regroup(now);
    }

    /** Returns the groups in which something may have changed. */
    Set<EndpointGroup> remove(String groupId, long now) {
        return configured.remove(groupId) == null ? Set.of() : regroup(now);
    }

    /** Returns whether the ban is news. */
    boolean ban(Bans.Active ban, long now) {
        boolean news = bans.add(ban, now);
        applyBans(now);
        return news;
    }

    List<Ban> bans(long now) {
        return bans.inForce(now).stream().map(Bans.Active::ban).toList();
    }

    /** All groups that are configured or in use. */
    Set<EndpointGroup> inUse(long now) {
        forgetUnused(now);
        return groups();
    }

    void clear() {
        groups().forEach(EndpointGroup::disarm);
        configured.clear();
        hosts.clear();
    }

    private Set<EndpointGroup> groups() {
        Set<EndpointGroup> all = new LinkedHashSet<>(configured.values());
        hosts.values().forEach(h -> all.add(h.group));
        return all;
    }

    private void forgetUnused(long now) {
        long span = hosts.size() < MANY_HOSTS ? KEEP_NANOS : 0;
        hosts.values().removeIf(h -> h.isUnused(span, now));
    }

    private Optional<EndpointGroup> configuredFor(String host) {
        EndpointGroup best = null;
        HostPattern bestPattern = null;
        for (EndpointGroup group : configured.values()) {
            for (HostPattern pattern : group.options().orElseThrow().patterns()) {
                if (pattern.matches(host) && (best == null || pattern.compareTo(bestPattern) < 0)) {
                    best = group;
                    bestPattern = pattern;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * A ban holds for the group it was given to and for the one its host belongs to now: they differ after a configuration
     * came, changed or went.
     */
    private void applyBans(long now) {
        for (Bans.Active active : bans.inForce(now)) {
            EndpointGroup ofHost = configuredFor(active.ban().host())
                    .or(() ->
                            Optional.ofNullable(hosts.get(active.ban().host())).map(h -> h.group))
                    .orElse(null);
            Stream.of(Optional.ofNullable(configured.get(active.ban().group())), Optional.ofNullable(ofHost))
                    .flatMap(Optional::stream)
                    .forEach(g -> g.ban(active));
        }
    }

    /** Moves every host to where it belongs now, with its tickets and with what was granted to its former group. */
    private Set<EndpointGroup> regroup(long now) {
        Set<EndpointGroup> touched = groups();
        Set<Map.Entry<EndpointGroup, EndpointGroup>> inherited = new HashSet<>();
        for (Ticket.Host host : hosts.values()) {
            EndpointGroup from = host.group;
            EndpointGroup to = configuredFor(host.name).orElseGet(() -> own(host, now));
            if (from == to) {
                continue;
            }
            if (inherited.add(Map.entry(from, to))) {
                to.budget().inherit(from.budget(), now);
            }
            List<Ticket> tickets = host.tickets();
            tickets.forEach(from::withdraw);
            host.group = to;
            tickets.forEach(t -> t.join(now));
            touched.add(to);
        }
        applyBans(now);
        return touched;
    }

    /** Without configuration a host is a group of its own. */
    private static EndpointGroup own(Ticket.Host host, long now) {
        boolean is = host.group.options().isEmpty();
        return is ? host.group : new EndpointGroup(host.name, Optional.empty(), now);
    }
}
