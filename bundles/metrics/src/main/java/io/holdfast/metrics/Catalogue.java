// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import io.holdfast.metrics.Metric.Kind;
import io.holdfast.metrics.Metric.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** From snapshots to metrics. Pure; the one place where names are given. */
final class Catalogue {
    /** @param group empty for none */
    record Client(String id, String group, ClientState state, ClientHealth health, ClientMetrics metrics) {}

    private final List<Client> clients;
    private final List<GroupStatus> groups;
    private final List<Metric> all = new ArrayList<>();

    private Catalogue(List<Client> clients, List<GroupStatus> groups) {
        this.clients = clients;
        this.groups = groups;
    }

    /** @param clients of those with the same id the newest first */
    static List<Metric> of(List<Client> clients, List<GroupStatus> groups) {
        Catalogue catalogue = new Catalogue(newest(clients), groups);
        catalogue.states();
        catalogue.traffic();
        catalogue.heartbeats();
        catalogue.groups();
        return List.copyOf(catalogue.all);
    }

    /** Of two with the same id the first, whether or not the other is about to leave: two samples with the same labels would spoil the whole reading. */
    private static List<Client> newest(List<Client> clients) {
        Map<String, Client> byId = new LinkedHashMap<>();
        clients.forEach(c -> byId.putIfAbsent(c.id(), c));
        return List.copyOf(byId.values());
    }

    private void states() {
        // Always there, so that whoever reads has something to read before the first client comes.
        add(
                "holdfast.clients",
                Kind.GAUGE,
                "",
                "Clients that are services.",
                Stream.of(new Sample(Map.of(), clients.size())));
        add(
                "holdfast.groups",
                Kind.GAUGE,
                "",
                "Groups that have a supervisor.",
                Stream.of(new Sample(Map.of(), groups.size())));
        states(
                "holdfast.client.state",
                "1 for the state the client is in, 0 for the others.",
                clients.stream().flatMap(c -> one(ClientState.values(), c.state(), labels(c))));
        gauge(
                "holdfast.client.health",
                "",
                "0 OK, 1 WARN, 2 TEMPORARILY_UNAVAILABLE, 3 CRITICAL.",
                c -> c.health().status().ordinal());
        gauge(
                "holdfast.client.incarnation",
                "",
                "Number of the newest incarnation.",
                c -> c.metrics().incarnation());
        counter("holdfast.client.attempts", "", "Attempts to connect.", ClientMetrics::attempts);
        counter("holdfast.client.opens", "", "Upgrades that succeeded.", ClientMetrics::opens);
        counter(
                "holdfast.client.losses",
                "",
                "Open connections that ended without being asked to.",
                ClientMetrics::losses);
        counter(
                "holdfast.client.stale.callbacks",
                "",
                "Callbacks of connections that were no longer current.",
                ClientMetrics::staleCallbacks);
    }

    private void traffic() {
        counter("holdfast.client.messages.in", "", "Messages received.", ClientMetrics::messagesIn);
        counter("holdfast.client.in", "bytes", "Payload of the messages received.", ClientMetrics::bytesIn);
        counter(
                "holdfast.client.messages.out",
                "",
                "Messages handed to the operating system.",
                ClientMetrics::messagesOut);
        counter("holdfast.client.dropped", "", "Messages not delivered, by a stated policy.", ClientMetrics::dropped);
        gauge(
                "holdfast.client.queued",
                "",
                "Messages waiting for the listeners.",
                c -> c.metrics().queued());
        counter(
                "holdfast.client.listener.faults",
                "",
                "Exceptions thrown by listeners.",
                ClientMetrics::listenerFaults);
        counter(
                "holdfast.client.rotations",
                "",
                "Connections that took over from another without a break.",
                ClientMetrics::rotations);
        counter(
                "holdfast.client.streams.switched",
                "",
                "Streams without numbers that went to another connection in a rotation.",
                ClientMetrics::streamsSwitched);
        seconds(
                "holdfast.client.last.message.age",
                "Time since the last message.",
                c -> c.metrics().lastMessageAgo());
    }

    private void heartbeats() {
        counter("holdfast.client.heartbeats", "", "Heartbeats answered by either side.", ClientMetrics::heartbeats);
        gauge(
                "holdfast.client.heartbeats.missed",
                "",
                "Answers missing in a row.",
                c -> c.health().heartbeat().missed());
        gauge(
                "holdfast.client.heartbeat.bound",
                "",
                "Whether a plugin stands behind the heartbeat now.",
                c -> c.health().heartbeat().bound() ? 1 : 0);
        gauge(
                "holdfast.client.plugin.calls.hung",
                "",
                "Plugin calls that have not returned although their limit passed.",
                c -> c.metrics().hungPluginCalls());
        seconds(
                "holdfast.client.heartbeat.age",
                "Time since the last heartbeat of either side.",
                c -> c.health().heartbeat().lastBeatAgo());
        seconds(
                "holdfast.client.heartbeat.round.trip",
                "Of the last answered heartbeat.",
                c -> c.health().heartbeat().roundTrip());
    }

    private void groups() {
        add(
                "holdfast.group.alive",
                Kind.GAUGE,
                "",
                "Whether the group supervises: 0 once it has ended, or before its parent starts it.",
                groups.stream().map(g -> new Sample(labels(g), g.alive() ? 1 : 0)));
        add(
                "holdfast.group.intensity",
                Kind.GAUGE,
                "",
                "Restarts allowed within the period.",
                groups.stream().map(g -> new Sample(labels(g), g.intensity())));
        add(
                "holdfast.group.period",
                Kind.GAUGE,
                "seconds",
                "The period in which restarts count.",
                groups.stream().map(g -> new Sample(labels(g), g.periodMillis() / 1e3)));
        states(
                "holdfast.child.state",
                "1 for the state the child is in, 0 for the others.",
                groups.stream()
                        .flatMap(g -> g.children().stream()
                                .flatMap(c -> one(ChildStatus.State.values(), c.state(), labels(g, c)))));
        add(
                "holdfast.child.restarts",
                Kind.GAUGE,
                "",
                "Restarts within the period now.",
                groups.stream().flatMap(g -> g.children().stream().map(c -> new Sample(labels(g, c), c.restarts()))));
    }

    private void counter(String name, String unit, String help, Function<ClientMetrics, Long> value) {
        add(name, Kind.COUNTER, unit, help, clients.stream().map(c -> new Sample(labels(c), value.apply(c.metrics()))));
    }

    private void gauge(String name, String unit, String help, Function<Client, Number> value) {
        add(
                name,
                Kind.GAUGE,
                unit,
                help,
                clients.stream().map(c -> new Sample(labels(c), value.apply(c).doubleValue())));
    }

    /** No sample before the first. */
    private void seconds(String name, String help, Function<Client, Optional<Duration>> value) {
        add(
                name,
                Kind.GAUGE,
                "seconds",
                help,
                clients.stream()
                        .flatMap(c -> value.apply(c).stream().map(d -> new Sample(labels(c), d.toNanos() / 1e9))));
    }

    private void states(String name, String help, Stream<Sample> samples) {
        add(name, Kind.GAUGE, "", help, samples);
    }

    private void add(String name, Kind kind, String unit, String help, Stream<Sample> samples) {
        all.add(new Metric(name, kind, unit, help, samples.toList()));
    }

    private static <E extends Enum<E>> Stream<Sample> one(E[] states, E now, Map<String, String> labels) {
        return Stream.of(states).map(state -> {
            Map<String, String> more = new HashMap<>(labels);
            more.put("state", state.name());
            return new Sample(more, state == now ? 1 : 0);
        });
    }

    private static Map<String, String> labels(Client c) {
        return Map.of("client", c.id(), "group", c.group());
    }

    private static Map<String, String> labels(GroupStatus g) {
        return Map.of("group", g.group());
    }

    private static Map<String, String> labels(GroupStatus g, ChildStatus c) {
        return Map.of("group", g.group(), "child", c.id());
    }
}
