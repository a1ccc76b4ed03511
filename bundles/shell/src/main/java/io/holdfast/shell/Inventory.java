// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the registry holds in one moment, and how ids are looked up in it. */
record Inventory(List<ManagedClient> clients, List<Supervisor> supervisors) {

    /** A child as its group sees it. */
    record Supervised(GroupStatus group, ChildStatus child) {}

    Inventory {
        clients =
                clients.stream().sorted(Comparator.comparing(ManagedClient::id)).toList();
        supervisors = supervisors.stream()
                .sorted(Comparator.comparing(Supervisor::group))
                .toList();
    }

    /** @throws IllegalArgumentException naming the ids there are */
    ManagedClient client(String id) {
        return find(id).orElseThrow(() ->
                unknown("client", id, clients.stream().map(ManagedClient::id).toList()));
    }

    Optional<ManagedClient> find(String id) {
        return clients.stream().filter(c -> c.id().equals(id)).findFirst();
    }

    Optional<Supervisor> supervisor(String group) {
        return supervisors.stream().filter(s -> s.group().equals(group)).findFirst();
    }

    Optional<Supervised> supervised(ManagedClient client) {
        return client.group()
                .flatMap(this::supervisor)
                .map(Supervisor::status)
                .flatMap(g -> child(g, client.id()).map(c -> new Supervised(g, c)));
    }

    /**
     * The supervisor that takes orders for an id: that of the client's group, else that of the only group with such a child.
     *
     * @throws IllegalArgumentException when nothing has that id
     * @throws IllegalStateException when nobody takes orders for it
     */
    Supervisor supervisorOf(String id) {
        Optional<ManagedClient> client = find(id);
        if (client.isPresent()) {
            String group = client.get().group().orElseThrow(() -> unsupervised(id));
            return supervisor(group)
                    .orElseThrow(() -> new IllegalStateException("Client '" + Format.text(id) + "' belongs to group '"
                            + Format.text(group) + "', which has no supervisor now"));
        }
        List<Supervisor> having = supervisors.stream()
                .filter(s -> child(s.status(), id).isPresent())
                .toList();
        if (having.size() > 1) {
            throw new IllegalArgumentException(
                    "'" + Format.text(id) + "' is a child of several groups: " + names(having));
        }
        return having.stream().findFirst().orElseThrow(() -> unknown("client or child", id, everything()));
    }

    private static Optional<ChildStatus> child(GroupStatus group, String id) {
        return group.children().stream().filter(c -> c.id().equals(id)).findFirst();
    }

    private static IllegalStateException unsupervised(String id) {
        return new IllegalStateException("Client '" + Format.text(id)
                + "' belongs to no group, so nobody could start it again: it is not stopped, started or reset here. "
                + "Replace its connection with holdfast:reconnect; end it by deleting its configuration, or in the program that opened it; "
                + "or give it a supervisor.group.");
    }

    /** Ids of clients and children, each once. */
    List<String> everything() {
        return Stream.concat(
                        clients.stream().map(ManagedClient::id),
                        supervisors.stream()
                                .flatMap(s -> s.status().children().stream())
                                .map(ChildStatus::id))
                .distinct()
                .sorted()
                .toList();
    }

    private static String names(List<Supervisor> supervisors) {
        return supervisors.stream().map(Supervisor::group).map(Format::text).collect(Collectors.joining(", "));
    }

    private static IllegalArgumentException unknown(String what, String id, List<String> known) {
        return new IllegalArgumentException("There is no " + what + " '" + Format.text(id) + "'; there "
                + (known.isEmpty()
                        ? "is none"
                        : "are " + known.stream().map(Format::text).collect(Collectors.joining(", "))));
    }
}
