// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.MessageListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The events of clients, in order. */
public final class ClientEvents implements ConnectionListener {

    /** Guards itself. */
    private final List<ConnectionEvent> events = new ArrayList<>();

    @Override
    public void onEvent(ConnectionEvent event) {
        synchronized (events) {
            events.add(event);
        }
    }

    /** Makes it a service for one client. */
    public ServiceRegistration<ConnectionListener> observe(BundleContext context, String clientId) {
        return context.registerService(
                ConnectionListener.class, this, new Hashtable<>(Map.of(MessageListener.CLIENT, clientId)));
    }

    /** Makes it a service for all clients. */
    public ServiceRegistration<ConnectionListener> observe(BundleContext context) {
        return context.registerService(ConnectionListener.class, this, new Hashtable<>());
    }

    public List<ConnectionEvent> all() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    public List<ConnectionEvent> of(ConnectionEvent.Type type) {
        return all().stream().filter(event -> event.type() == type).toList();
    }

    public long count(ConnectionEvent.Type type) {
        return of(type).size();
    }

    public void await(ConnectionEvent.Type type, long times) {
        org.awaitility.Awaitility.await(times + " times " + type)
                .atMost(Services.LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> count(type) >= times);
    }
}
