// SPDX-License-Identifier: Apache-2.0
package io.holdfast.inventory;

import com.google.gson.stream.JsonWriter;
import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The tree for programs; the names are described in the README, and are only added to. */
final class TreeJson {
    private final JsonWriter out;

    TreeJson(JsonWriter out) {
        this.out = out;
    }

    void print(Tree tree) throws IOException {
        out.beginObject().name("time").value(tree.at().toString());
        out.name("groups").beginArray();
        for (Tree.Group group : tree.groups()) {
            group(group);
        }
        out.endArray();
        out.name("others").beginArray();
        for (Tree.Client client : tree.others()) {
            client(client);
        }
        out.endArray().endObject();
    }

    private void group(Tree.Group group) throws IOException {
        GroupStatus s = group.status();
        out.beginObject()
                .name("group")
                .value(s.group())
                .name("alive")
                .value(s.alive())
                .name("parent")
                .value(s.parent())
                .name("cause")
                .value(s.cause())
                .name("intensity")
                .value(s.intensity())
                .name("periodMillis")
                .value(s.periodMillis())
                .name("changes")
                .value(s.changeCount());
        out.name("children").beginArray();
        for (Tree.Node node : group.children()) {
            child(node);
        }
        out.endArray().endObject();
    }

    private void child(Tree.Node node) throws IOException {
        ChildStatus c = node.status();
        out.beginObject()
                .name("id")
                .value(c.id())
                .name("state")
                .value(c.state().name())
                .name("incarnation")
                .value(c.incarnation())
                .name("restarts")
                .value(c.restarts())
                .name("cause")
                .value(c.cause());
        if (node.client().isPresent()) {
            out.name("client");
            client(node.client().get());
        }
        out.endObject();
    }

    private void client(Tree.Client c) throws IOException {
        out.beginObject()
                .name("id")
                .value(c.id())
                .name("uri")
                .value(c.uri())
                .name("group")
                .value(c.group())
                .name("state")
                .value(c.state().name());
        health(c.health());
        metrics(c.metrics());
        out.endObject();
    }

    private void health(ClientHealth h) throws IOException {
        out.name("health").value(h.status().name());
        out.name("findings").beginArray();
        for (String finding : h.findings()) {
            out.value(finding);
        }
        out.endArray();
        out.name("lastCause").value(h.lastCause().map(Object::toString).orElse(""));
        HeartbeatHealth b = h.heartbeat();
        out.name("heartbeat")
                .beginObject()
                .name("type")
                .value(b.type())
                .name("bound")
                .value(b.bound())
                .name("quarantined")
                .value(b.quarantined())
                .name("answered")
                .value(b.answered())
                .name("missed")
                .value(b.missed());
        millis("lastBeatAgoMillis", b.lastBeatAgo());
        if (b.roundTrip().isPresent()) {
            out.name("roundTripMicros").value(b.roundTrip().get().toNanos() / 1000);
        }
        out.endObject();
    }

    private void metrics(ClientMetrics m) throws IOException {
        out.name("metrics")
                .beginObject()
                .name("incarnation")
                .value(m.incarnation())
                .name("connection")
                .value(m.connection())
                .name("attempts")
                .value(m.attempts())
                .name("opens")
                .value(m.opens())
                .name("losses")
                .value(m.losses())
                .name("messagesIn")
                .value(m.messagesIn())
                .name("bytesIn")
                .value(m.bytesIn())
                .name("messagesOut")
                .value(m.messagesOut())
                .name("dropped")
                .value(m.dropped())
                .name("queued")
                .value(m.queued())
                .name("listenerFaults")
                .value(m.listenerFaults())
                .name("heartbeats")
                .value(m.heartbeats())
                .name("staleCallbacks")
                .value(m.staleCallbacks())
                .name("hungPluginCalls")
                .value(m.hungPluginCalls())
                .name("rotations")
                .value(m.rotations())
                .name("streamsSwitched")
                .value(m.streamsSwitched());
        millis("lastMessageAgoMillis", m.lastMessageAgo());
        out.endObject();
    }

    /** Absent before the first. */
    private void millis(String name, Optional<Duration> duration) throws IOException {
        if (duration.isPresent()) {
            out.name(name).value(duration.get().toMillis());
        }
    }
}
