// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.shell.Inventory.Supervised;
import java.time.Duration;
import java.util.Optional;

/** Everything about one client, a line each. Pure but for reading the client's figures. */
final class ClientDetails {
    private ClientDetails() {}

    static String of(ManagedClient client, Optional<Supervised> supervised) {
        ClientMetrics m = client.handle().metrics();
        ClientHealth health = client.handle().health();
        Table lines = new Table("client", Format.text(client.id()));
        lines.row("uri", Format.text(client.uri()));
        lines.row("state", client.handle().state().name());
        lines.row("health", health.status().name());
        health.findings().forEach(f -> lines.row("", Format.text(f)));
        lines.row(
                "last cause",
                health.lastCause().map(c -> Format.text(c.toString())).orElse(Format.NOTHING));
        supervision(lines, client, supervised);
        heartbeat(lines, health.heartbeat());
        lines.row("incarnation", Long.toString(m.incarnation()));
        lines.row(
                "connection",
                m.connection() + " (" + m.attempts() + " attempts, " + m.opens() + " opened, " + m.losses() + " lost)");
        lines.row("rotations", m.rotations() + ", " + m.streamsSwitched() + " streams without numbers switched");
        lines.row("messages in", m.messagesIn() + " (" + m.bytesIn() + " bytes), last " + ago(m.lastMessageAgo()));
        lines.row("messages out", Long.toString(m.messagesOut()));
        lines.row(
                "delivery",
                m.queued() + " queued, " + m.dropped() + " dropped, " + m.listenerFaults() + " listener faults");
        lines.row("plugin calls", m.hungPluginCalls() + " hung");
        lines.row("stale callbacks", Long.toString(m.staleCallbacks()));
        return lines.toString();
    }

    private static void supervision(Table lines, ManagedClient client, Optional<Supervised> supervised) {
        lines.row("group", client.group().map(Format::text).orElse("none"));
        if (client.group().isPresent()) {
            lines.row(
                    "supervision",
                    supervised
                            .map(s -> s.child().state() + ", restarts " + ClientTable.restarts(client, supervised)
                                    + (s.child().cause().isEmpty()
                                            ? ""
                                            : ", because "
                                                    + Format.text(s.child().cause())))
                            .orElse("unsupervised"));
        }
    }

    private static void heartbeat(Table lines, HeartbeatHealth h) {
        lines.row("heartbeat", ClientTable.heartbeat(h));
        lines.row(
                "beats",
                h.answered() + " answered, " + h.missed() + " missed in a row, last " + ago(h.lastBeatAgo())
                        + ", round trip " + h.roundTrip().map(Format::roundTrip).orElse(Format.NOTHING));
    }

    private static String ago(Optional<Duration> d) {
        return d.map(x -> Format.duration(x) + " ago").orElse("never");
    }
}
