// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.account;

import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.app.Mode;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Listens to every client that comes, configured by whomever, and keeps its account. Not while recordings are replayed. */
@Component(service = Accounts.class, immediate = true)
public final class Accounts {

    private static final String ID = "io.holdfast.app";
    private static final String REPLAY = "replay";

    private final BundleContext context;
    private final Map<String, ClientAccount> accounts = new ConcurrentHashMap<>();
    private final ServiceTracker<WebSocketClient, ServiceRegistration<MessageListener>> clients;

    @Activate
    public Accounts(BundleContext context) {
        this.context = context;
        this.clients = new ServiceTracker<>(context, WebSocketClient.class, new Tracking());
        if (!REPLAY.equals(context.getProperty(Mode.PROPERTY))) {
            clients.open();
        }
    }

    @Deactivate
    void deactivate() {
        clients.close();
    }

    /** Empty until the client was there for the first time; stays the same when it goes and comes back. */
    public Optional<ClientAccount> of(String clientId) {
        return Optional.ofNullable(accounts.get(clientId));
    }

    private final class Tracking
            implements ServiceTrackerCustomizer<WebSocketClient, ServiceRegistration<MessageListener>> {

        @Override
        public ServiceRegistration<MessageListener> addingService(ServiceReference<WebSocketClient> reference) {
            String id = (String) reference.getProperty(MessageListener.CLIENT);
            ClientAccount account = accounts.computeIfAbsent(id, name -> new ClientAccount());
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(MessageListener.CLIENT, id);
            properties.put(MessageListener.ID, ID);
            return context.registerService(MessageListener.class, account, properties);
        }

        @Override
        public void modifiedService(
                ServiceReference<WebSocketClient> reference, ServiceRegistration<MessageListener> listener) {
            // Its id cannot change.
        }

        @Override
        public void removedService(
                ServiceReference<WebSocketClient> reference, ServiceRegistration<MessageListener> listener) {
            listener.unregister();
        }
    }
}
