// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** The clients and groups that are in the service registry now. Any thread. */
final class Fleet implements AutoCloseable {

    /**
     * One client with what its group says about it.
     *
     * @param group the group it names; empty if none
     * @param child empty if there is no supervisor of that group now, or it does not have the client
     */
    record Member(
            WebSocketClient client,
            Optional<String> group,
            Optional<GroupStatus> status,
            Optional<ChildStatus> child) {}

    private final ServiceTracker<WebSocketClient, WebSocketClient> clients;
    private final ServiceTracker<Supervisor, Supervisor> supervisors;

    Fleet(BundleContext context) {
        clients = new ServiceTracker<>(context, WebSocketClient.class, null);
        supervisors = new ServiceTracker<>(context, Supervisor.class, null);
        clients.open();
        supervisors.open();
    }

    /** By name. */
    List<Member> members() {
        List<GroupStatus> groups = supervisors.getTracked().values().stream()
                .map(Supervisor::status)
                .toList();
        List<Member> members = new ArrayList<>();
        for (ServiceReference<WebSocketClient> reference : clients.getTracked().keySet()) {
            WebSocketClient client = clients.getService(reference);
            if (client != null) {
                members.add(member(client, Optional.ofNullable((String) reference.getProperty(Child.GROUP)), groups));
            }
        }
        members.sort(Comparator.comparing(member -> member.client().id()));
        return members;
    }

    private static Member member(WebSocketClient client, Optional<String> group, List<GroupStatus> groups) {
        Optional<GroupStatus> status = group.flatMap(
                name -> groups.stream().filter(g -> g.group().equals(name)).findFirst());
        Optional<ChildStatus> child = status.flatMap(g ->
                g.children().stream().filter(c -> c.id().equals(client.id())).findFirst());
        return new Member(client, group, status, child);
    }

    @Override
    public void close() {
        clients.close();
        supervisors.close();
    }
}
