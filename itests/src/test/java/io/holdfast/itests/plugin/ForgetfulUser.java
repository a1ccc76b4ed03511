// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.plugin;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientSupervisor;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.client.WebSocketClients;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Starts clients, supervised or not as its bundle's header says, and stops without closing one or giving a service back. */
public final class ForgetfulUser implements BundleActivator {

    private final List<WebSocketClient> clients = new ArrayList<>();

    /** A listener and observer of this bundle, with a reference back to it. */
    private final class Ears implements MessageListener, ConnectionListener {

        @Override
        public void onMessage(Message message) {
            if (message.text().isEmpty()) {
                throw new IllegalStateException(clients + " got nothing");
            }
        }

        @Override
        public void onEvent(ConnectionEvent event) {
            if (event.clientId().isEmpty()) {
                throw new IllegalStateException(clients + " without a name");
            }
        }
    }

    @Override
    public void start(BundleContext context) throws Exception {
        Supplier<?> uris = get(context, Supplier.class, "(gives=uri)");
        boolean supervised =
                Boolean.parseBoolean(context.getBundle().getHeaders().get("X-Supervised"));
        WebSocketClients unsupervised = supervised ? null : get(context, WebSocketClients.class, null);
        ClientSupervisor supervisor =
                supervised ? get(context, ClientSupervisor.class, "(supervisor.group=trading)") : null;
        for (int i = 0; i < 5; i++) {
            Ears ears = new Ears();
            ClientOptions options = ClientOptions.uri(uris.get().toString())
                    .id("forgotten" + i)
                    .option("heartbeat.type", "none")
                    .option("supervisor.wait", "50ms")
                    .build();
            clients.add(
                    supervised ? supervisor.startClient(options, ears, ears) : unsupervised.open(options, ears, ears));
            // A dependent stage of a user that never completes otherwise.
            clients.get(i).opened().thenRun(() -> clients.forEach(WebSocketClient::state));
        }
    }

    private static <T> T get(BundleContext context, Class<T> type, String filter) throws Exception {
        Collection<ServiceReference<T>> found = context.getServiceReferences(type, filter);
        return context.getService(found.iterator().next());
    }

    @Override
    public void stop(BundleContext context) {
        // Forgets everything.
    }
}
