// SPDX-License-Identifier: Apache-2.0
package io.holdfast.inventory;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/** The tree for humans. */
final class TreeText {
    private static final int LONGEST = 256;
    private final PrintWriter out;

    TreeText(PrintWriter out) {
        this.out = out;
    }

    void print(Tree tree) {
        out.println("Holdfast at " + tree.at());
        tree.groups().forEach(this::group);
        if (!tree.others().isEmpty()) {
            out.println();
            out.println("without supervisor");
            tree.others().forEach(c -> {
                out.println(
                        "  " + shown(c.id()) + (c.group().isEmpty() ? "" : " (names group " + shown(c.group()) + ")"));
                client(c);
            });
        }
        if (tree.groups().isEmpty() && tree.others().isEmpty()) {
            out.println("no group and no client");
        }
    }

    private void group(Tree.Group group) {
        GroupStatus s = group.status();
        long running = s.children().stream()
                .filter(c -> c.state() == ChildStatus.State.RUNNING)
                .count();
        out.println();
        String parent = s.parent().isEmpty() ? "" : ", child of group " + shown(s.parent());
        String trouble =
                s.alive() ? "" : ", does not supervise" + (s.cause().isEmpty() ? "" : " (" + shown(s.cause()) + ")");
        out.println("group " + shown(s.group()) + parent + trouble + ": " + running + " of "
                + s.children().size() + " running, at most " + s.intensity() + " restarts in " + s.periodMillis()
                + " ms");
        group.children().forEach(node -> {
            ChildStatus c = node.status();
            out.println("  " + shown(c.id()) + ": " + c.state() + ", incarnation " + c.incarnation() + ", "
                    + c.restarts() + " restarts" + (c.cause().isEmpty() ? "" : ", because " + shown(c.cause())));
            node.client().ifPresent(this::client);
        });
    }

    private void client(Tree.Client c) {
        ClientHealth h = c.health();
        line("state", c.state() + ", " + h.status());
        h.findings().forEach(f -> line("finding", shown(f)));
        line("uri", shown(c.uri()));
        h.lastCause().ifPresent(cause -> line("last cause", shown(cause.toString())));
        heartbeat(h.heartbeat());
        ClientMetrics m = c.metrics();
        line(
                "connection",
                m.connection() + ": " + m.attempts() + " attempts, " + m.opens() + " opened, " + m.losses() + " lost");
        line(
                "messages",
                m.messagesIn() + " in (" + m.bytesIn() + " bytes, last " + ago(m.lastMessageAgo()) + "), "
                        + m.messagesOut() + " out");
        line(
                "delivery",
                m.queued() + " queued, " + m.dropped() + " dropped, " + m.listenerFaults() + " listener faults");
        line("rotation", m.rotations() + " rotations, " + m.streamsSwitched() + " streams switched");
        line("plugin calls", m.hungPluginCalls() + " hung, " + m.staleCallbacks() + " stale callbacks");
    }

    private void heartbeat(HeartbeatHealth h) {
        line(
                "heartbeat",
                (h.type().isEmpty() ? "none" : shown(h.type())) + (h.bound() ? ", bound" : ", no plugin")
                        + (h.quarantined() ? ", quarantined" : "")
                        + ", " + h.answered() + " answered, " + h.missed() + " missed in a row, last "
                        + ago(h.lastBeatAgo())
                        + h.roundTrip()
                                .map(r -> ", round trip " + r.toNanos() / 1000 + " us")
                                .orElse(""));
    }

    private static String ago(Optional<Duration> d) {
        return d.map(x -> x.toMillis() + " ms ago").orElse("never");
    }

    private void line(String name, String value) {
        out.println("    " + name + ": " + value);
    }

    /** Foreign text must not forge lines of a dump, nor move a terminal's cursor. */
    static String shown(String foreign) {
        StringBuilder shown = new StringBuilder();
        int i = 0;
        while (i < foreign.length() && shown.length() < LONGEST) {
            int c = foreign.codePointAt(i);
            i += Character.charCount(c);
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> shown.append(String.format("\\u%04x", c));
                default -> shown.appendCodePoint(c);
            }
        }
        return i < foreign.length() ? shown + "..." : shown.toString();
    }
}
