// SPDX-License-Identifier: Apache-2.0
package io.holdfast.inventory;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Groups, their children and all clients in one moment, as plain data.
 *
 * @param groups by name
 * @param others clients without a group, and those whose group has no supervisor now; by id
 */
record Tree(Instant at, List<Group> groups, List<Client> others) {

    /** @param children in the group's order */
    record Group(GroupStatus status, List<Node> children) {}

    /** @param client empty for a child that is no client */
    record Node(ChildStatus status, Optional<Client> client) {}

    /**
     * @param uri without anything that could be secret, as its service publishes it
     * @param group the group it wants to be supervised by, empty for none
     */
    record Client(String id, String uri, String group, ClientState state, ClientHealth health, ClientMetrics metrics) {
        static Client of(Map<String, ?> properties, WebSocketClient handle) {
            return new Client(
                    handle.id(),
                    text(properties, "uri"),
                    text(properties, Child.GROUP),
                    handle.state(),
                    handle.health(),
                    handle.metrics());
        }

        private static String text(Map<String, ?> properties, String name) {
            Object value = properties.get(name);
            return value == null ? "" : value.toString();
        }
    }

    static Tree of(
            Instant at,
            Collection<Map.Entry<Map<String, Object>, WebSocketClient>> clients,
            Collection<Supervisor> supervisors) {
        List<Client> left = new ArrayList<>(
                clients.stream().map(c -> Client.of(c.getKey(), c.getValue())).toList());
        List<Group> groups = new ArrayList<>();
        supervisors.stream()
                .map(Supervisor::status)
                .sorted(Comparator.comparing(GroupStatus::group))
                .forEach(status -> {
                    List<Node> nodes = status.children().stream()
                            .map(child -> new Node(child, take(left, status.group(), child.id())))
                            .toList();
                    groups.add(new Group(status, nodes));
                });
        left.sort(Comparator.comparing(Client::id));
        return new Tree(at, List.copyOf(groups), List.copyOf(left));
    }

    private static Optional<Client> take(List<Client> left, String group, String id) {
        Optional<Client> found = left.stream()
                .filter(c -> c.group().equals(group) && c.id().equals(id))
                .findFirst();
        found.ifPresent(left::remove);
        return found;
    }
}
