// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Phase;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.ManagedClient;
import io.holdfast.client.engine.Text;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.SerialLane;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The R8 Conditions of clients and groups: {@code holdfast.client.<id>.ready} and {@code .up} for configured clients, {@code
 * holdfast.group.<id>.healthy} for every group that a client names. They belong to this bundle, so that an update of the
 * supervisor makes nobody flap. Called on mailboxes, where it only posts.
 */
final class Conditions implements TransitionObserver, Clients.Observer {
    /** Makes a Condition that is off. */
    interface Factory {
        /** @return told whether the Condition is to be there; from any thread, only posts */
        Consumer<Boolean> condition(String id);
    }

    private static final Set<Phase> AT_REST = Set.of(Phase.IDLE, Phase.EXITED, Phase.CLOSED);

    private final Logger logger = LoggerFactory.getLogger(Conditions.class);
    private final Environment environment;
    private final Factory factory;
    private final Map<String, ClientWatch> watches = new ConcurrentHashMap<>();

    /** Clients that are to be looked at for the health of their groups; their looks are posted. */
    private final Set<ClientWatch> due = ConcurrentHashMap.newKeySet();

    private final SerialLane lane;

    /** Confined to the lane; an entry lives as long as its group has clients. */
    private final Map<String, Group> groups = new HashMap<>();

    private record Group(GroupHealth health, Consumer<Boolean> condition) {}

    Conditions(Environment environment, Factory factory) {
        this.environment = environment;
        this.factory = factory;
        this.lane = new SerialLane(
                environment.publishing(), fault -> logger.error("Health of a group is not known: {}", Text.of(fault)));
    }

    @Override
    public void created(ManagedClient client) {
        String id = client.handle().id();
        Optional<Consumer<Boolean>> ready = Optional.empty();
        Consumer<Boolean> up = on -> look(id);
        if (client.configured()) {
            ready = Optional.of(factory.condition("holdfast.client." + id + ".ready"));
            up = factory.condition("holdfast.client." + id + ".up").andThen(up);
        }
        watches.put(id, new ClientWatch(client, environment, ready, up));
        look(id);
    }

    @Override
    public void ended(ManagedClient client) {
        ClientWatch watch = watches.remove(client.handle().id());
        if (watch != null) {
            watch.end();
            look(watch);
        }
    }

    @Override
    public void step(String clientId, Phase before, Input input, Phase after) {
        if (before == after) {
            return;
        }
        ClientWatch watch = watches.get(clientId);
        if (watch == null) {
            return;
        }
        if (before == Phase.READY || after == Phase.READY) {
            watch.ready(after == Phase.READY);
        }
        if (AT_REST.contains(before) || AT_REST.contains(after)) {
            look(watch);
        }
    }

    /** Giving up is no step of the client's machine. */
    void event(ConnectionEvent event) {
        if (event.type() == ConnectionEvent.Type.GIVEN_UP) {
            look(event.clientId());
        }
    }

    private void look(String clientId) {
        Optional.ofNullable(watches.get(clientId)).ifPresent(this::look);
    }

    private void look(ClientWatch watch) {
        if (watch.group().isPresent() && due.add(watch)) {
            lane.execute(() -> decide(watch));
        }
    }

    private void decide(ClientWatch watch) {
        // First, so that what changes from here on is looked at once more.
        due.remove(watch);
        String name = watch.group().orElseThrow();
        Group group = groups.computeIfAbsent(
                name, g -> new Group(new GroupHealth(), factory.condition("holdfast.group." + g + ".healthy")));
        if (watches.get(watch.id()) == watch) {
            group.health().put(watch, watch.member());
        } else {
            group.health().remove(watch);
        }
        group.condition().accept(group.health().healthy());
        if (group.health().isEmpty()) {
            groups.remove(name);
        }
    }
}
