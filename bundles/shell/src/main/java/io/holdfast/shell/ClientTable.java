// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import io.holdfast.shell.Inventory.Supervised;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All clients, a line each, and the groups below. Pure but for reading the figures of the clients. */
final class ClientTable {
    private static final int CAUSE = 80;

    /** Heartbeats of the engine itself, behind which no plugin is expected. */
    private static final Set<String> ENGINES_OWN = Set.of("ping", "none");

    private ClientTable() {}

    static String of(Inventory inventory) {
        if (inventory.clients().isEmpty() && inventory.supervisors().isEmpty()) {
            return "There is no client and no group.";
        }
        Table table = new Table(
                "client",
                "state",
                "incarnation",
                "restarts",
                "msgs",
                "last msg",
                "heartbeat",
                "last beat",
                "round trip",
                "last cause");
        inventory.clients().forEach(c -> table.row(row(c, inventory.supervised(c))));
        String groups = inventory.supervisors().stream().map(ClientTable::group).collect(Collectors.joining("\n"));
        return groups.isEmpty() ? table.toString() : table + "\n\n" + groups;
    }

    private static List<String> row(ManagedClient client, Optional<Supervised> supervised) {
        WebSocketClient handle = client.handle();
        ClientMetrics metrics = handle.metrics();
        ClientHealth health = handle.health();
        return List.of(
                Format.text(client.id()),
                state(handle, supervised),
                Long.toString(metrics.incarnation()),
                restarts(client, supervised),
                Long.toString(metrics.messagesIn()),
                Format.duration(metrics.lastMessageAgo()),
                heartbeat(health.heartbeat()),
                Format.duration(health.heartbeat().lastBeatAgo()),
                health.heartbeat().roundTrip().map(Format::roundTrip).orElse(Format.NOTHING),
                cause(health.lastCause()));
    }

    /** What the group decided says more than the state the client is left in. */
    static String state(WebSocketClient handle, Optional<Supervised> supervised) {
        return supervised
                .map(s -> s.child().state())
                .filter(s -> s == ChildStatus.State.STOPPED || s == ChildStatus.State.GIVEN_UP)
                .map(Enum::name)
                .orElseGet(() -> handle.state().name());
    }

    static String restarts(ManagedClient client, Optional<Supervised> supervised) {
        if (client.group().isEmpty()) {
            return Format.NOTHING;
        }
        return supervised
                .map(s -> s.child().restarts() + "/" + s.group().intensity() + " in " + period(s.group()))
                .orElse("unsupervised");
    }

    static String heartbeat(HeartbeatHealth heartbeat) {
        if (heartbeat.type().isEmpty()) {
            return Format.NOTHING;
        }
        String type = Format.text(heartbeat.type());
        if (heartbeat.quarantined()) {
            return type + " (quarantined)";
        }
        return heartbeat.bound() || ENGINES_OWN.contains(heartbeat.type()) ? type : type + " (no plugin)";
    }

    private static String cause(Optional<Cause> cause) {
        String text = cause.map(c -> Format.text(c.toString())).orElse(Format.NOTHING);
        return text.length() > CAUSE ? text.substring(0, CAUSE - 3) + "..." : text;
    }

    private static String group(Supervisor supervisor) {
        GroupStatus g = supervisor.status();
        long running = g.children().stream()
                .filter(c -> c.state() == ChildStatus.State.RUNNING)
                .count();
        return "group " + Format.text(g.group()) + ": " + g.children().size() + " children, " + running
                + " running, at most " + g.intensity() + " restarts in " + period(g) + (g.alive() ? "" : ", ended");
    }

    private static String period(GroupStatus group) {
        return Format.duration(Duration.ofMillis(group.periodMillis()));
    }
}
