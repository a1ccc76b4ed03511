// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.OverflowPolicy;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.client.engine.ManagedClient;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A client of the simulated process with the user's side of it: options, listener, orders given. */
final class SimulatedClient {
    /** Of one channel, as long as the new connection is ahead of the old one. */
    private static final long MOST_HELD = 64;

    final String id;
    final boolean configured;
    final LaneChecker lane;
    private final Simulation simulation;
    private final Map<String, Object> options;
    ManagedClient client;
    WebSocketClient handle;

    /** The listener that is there, null while there is none. */
    private SimulatedListener listener;

    /** Channels wanted now; empty without a session. */
    final Set<String> wanted = new LinkedHashSet<>();

    final CallChecker calls;
    private int mostMessages;
    private boolean blocks;
    boolean closeOrdered;
    boolean terminated;
    int terminations;

    SimulatedClient(Schedule.ClientPlan plan, Simulation simulation) {
        this.id = plan.id();
        this.options = new LinkedHashMap<>(plan.options());
        this.configured = plan.configured();
        this.simulation = simulation;
        this.lane = new LaneChecker(id, simulation.checker);
        this.calls = new CallChecker(id, simulation.checker);
        if (session()) {
            ((List<?>) options.get("exchange.channels")).forEach(c -> wanted.add((String) c));
        }
        bounded(ClientOptions.of(options));
    }

    private void bounded(ClientOptions parsed) {
        mostMessages = Math.max(mostMessages, parsed.overflow().maxMessages());
        blocks |= parsed.overflow().kind() == OverflowPolicy.Kind.BLOCK;
    }

    Object option(String name) {
        return options.get(name);
    }

    /**
     * What may wait: the largest bound of the queue that ever held, as one that shrinks empties by being delivered, and what passes
     * it. Under {@code block} that is a message of each connection, and what was kept back of the new one of a rotation.
     */
    long mostMessages() {
        long held = session() ? wanted.size() * MOST_HELD : 0;
        return mostMessages + (blocks ? 2 + held : 1);
    }

    boolean supervised() {
        return options.containsKey("supervisor.group");
    }

    boolean session() {
        return options.containsKey("exchange.type");
    }

    void wants(String channel, boolean yes) {
        lane.ordered(channel, yes);
        if (yes) {
            wanted.add(channel);
            handle.exchange().orElseThrow().subscribe(List.of(channel));
        } else {
            wanted.remove(channel);
            handle.exchange().orElseThrow().unsubscribe(List.of(channel));
        }
    }

    void call() {
        handle.exchange().ifPresent(calls::call);
    }

    String listenerId() {
        return "listener-" + id;
    }

    /** Only those of configured clients may come and go: services do, objects given to {@code open} do not. */
    boolean listenerPresent() {
        return listener != null;
    }

    SimulatedListener newListener() {
        listener = new SimulatedListener(lane, simulation.environment);
        return listener;
    }

    SimulatedListener listener() {
        return listener;
    }

    void listenerLeaves() {
        client.removeListener(listener);
        listener.gone();
        listener = null;
    }

    void listenerReturns() {
        client.addListener(newListener(), Optional.of(listenerId()));
    }

    void option(String name, Object value) {
        options.put(name, value);
        ClientOptions parsed = ClientOptions.of(options);
        bounded(parsed);
        client.reconfigure(parsed);
    }

    void reconnect() {
        handle.reconnect();
    }

    void rotate() {
        handle.rotate();
    }

    void close() {
        closeOrdered = true;
        handle.close();
    }
}
