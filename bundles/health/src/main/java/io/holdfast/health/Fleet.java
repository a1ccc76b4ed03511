// SPDX-License-Identifier: Apache-2.0
package io.holdfast.health;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.ServiceReference;

/** The clients and supervisors there are now. Thread-safe; an entry is removed with its service. */
final class Fleet {
    /** @param group the group it wants to be supervised by */
    record Member(WebSocketClient client, Optional<String> group) {}

    private final Map<ServiceReference<WebSocketClient>, Member> clients = new ConcurrentHashMap<>();
    private final Map<ServiceReference<Supervisor>, Supervisor> supervisors = new ConcurrentHashMap<>();

    void put(ServiceReference<WebSocketClient> reference, Member member) {
        clients.put(reference, member);
    }

    void remove(ServiceReference<WebSocketClient> reference) {
        clients.remove(reference);
    }

    void putSupervisor(ServiceReference<Supervisor> reference, Supervisor supervisor) {
        supervisors.put(reference, supervisor);
    }

    void removeSupervisor(ServiceReference<Supervisor> reference) {
        supervisors.remove(reference);
    }

    Map<ServiceReference<WebSocketClient>, Member> clients() {
        return Map.copyOf(clients);
    }

    /** Groups that have a supervisor or a client. */
    Set<String> groups() {
        Set<String> groups = new TreeSet<>();
        supervisors.values().forEach(s -> groups.add(s.group()));
        clients.values().forEach(m -> m.group().ifPresent(groups::add));
        return groups;
    }

    List<Member> members(String group) {
        Collection<Member> all = clients.values();
        return all.stream()
                .filter(m -> m.group().equals(Optional.of(group)))
                .sorted(Comparator.comparing(m -> m.client().id()))
                .toList();
    }

    Optional<GroupStatus> group(String name) {
        return supervisors.values().stream()
                .filter(s -> s.group().equals(name))
                .findFirst()
                .map(Supervisor::status);
    }

    Judgement judge(Member member) {
        WebSocketClient client = member.client();
        return Judgement.client(
                client.state(),
                client.health(),
                member.group().flatMap(this::group).flatMap(status -> Judgement.Supervised.find(status, client.id())));
    }
}
