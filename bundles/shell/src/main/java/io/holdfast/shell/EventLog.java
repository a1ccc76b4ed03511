// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.WebSocketClient;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Remembers the last events of each client, until the client's service goes. Immediate, because what happened before the
 * first look is what an operator wants to see.
 */
@Component(
        service = {ConnectionListener.class, EventLog.class},
        immediate = true)
public final class EventLog implements ConnectionListener {
    static final int EVENTS = 256;

    /** Clients without a service (opened by programs) are only removed by their last event; this bounds them anyhow. */
    static final int CLIENTS = 1024;

    private final Object lock = new Object();

    /** Guarded by {@link #lock}; in order of the first event. */
    private final Map<String, ArrayDeque<ConnectionEvent>> events = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ArrayDeque<ConnectionEvent>> eldest) {
            return size() > CLIENTS;
        }
    };

    /** The clients that are services, by id. Guarded by {@link #lock}. */
    private final Map<String, WebSocketClient> services = new HashMap<>();

    @Override
    public void onEvent(ConnectionEvent event) {
        synchronized (lock) {
            boolean last = event.type() == ConnectionEvent.Type.CLOSED;
            if (last && !services.containsKey(event.clientId())) {
                events.remove(event.clientId());
                return;
            }
            ArrayDeque<ConnectionEvent> ofClient = events.computeIfAbsent(event.clientId(), id -> new ArrayDeque<>());
            if (ofClient.size() == EVENTS) {
                ofClient.removeFirst();
            }
            ofClient.addLast(event);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindClient(WebSocketClient client) {
        String id = client.id();
        synchronized (lock) {
            services.put(id, client);
        }
    }

    void unbindClient(WebSocketClient client) {
        String id = client.id();
        synchronized (lock) {
            // The next client of this id may have come before this one goes: what is told by then is its own.
            if (services.remove(id, client)) {
                events.keySet().remove(id);
            }
        }
    }

    /** @param at not before that of the client's event before */
    private record Placed(Instant at, ConnectionEvent event) {}

    private static void place(Iterable<ConnectionEvent> ofClient, List<Placed> all) {
        Instant latest = Instant.MIN;
        for (ConnectionEvent event : ofClient) {
            latest = event.at().isAfter(latest) ? event.at() : latest;
            all.add(new Placed(latest, event));
        }
    }

    /** Oldest first; empty when nothing is known of the client. */
    List<ConnectionEvent> of(String clientId) {
        synchronized (lock) {
            return List.copyOf(events.getOrDefault(clientId, new ArrayDeque<>()));
        }
    }

    /** Of all clients, by time; events of one client stay in their order, also where the clock was set back. */
    List<ConnectionEvent> all() {
        List<Placed> all = new ArrayList<>();
        synchronized (lock) {
            events.values().forEach(ofClient -> place(ofClient, all));
        }
        all.sort(Comparator.comparing(Placed::at));
        return all.stream().map(Placed::event).toList();
    }
}
