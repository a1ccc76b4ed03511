// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.client.WebSocketClients;
import io.holdfast.client.engine.OwnedClients;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The unsupervised clients of one using bundle; goes with it, or when the bundle lets the service go. */
@Component(service = WebSocketClients.class, scope = ServiceScope.BUNDLE)
public final class WebSocketClientsService implements WebSocketClients {
    private final ClientRuntime runtime;
    private final OwnedClients clients;

    @Activate
    public WebSocketClientsService(@Reference ClientRuntime runtime) {
        this.runtime = runtime;
        this.clients = OwnedClients.unsupervised(runtime.clients());
    }

    @Deactivate
    public void deactivate() {
        Cause cause = Cause.of(Cause.Kind.OWNER_GONE, "the bundle that opened it has stopped or let the service go");
        runtime.awaitEnd("The end of a bundle's clients", clients.endAll(cause));
    }

    @Override
    public WebSocketClient open(ClientOptions options, MessageListener listener) {
        return clients.open(options, listener);
    }

    @Override
    public WebSocketClient open(ClientOptions options, MessageListener listener, ConnectionListener observer) {
        return clients.open(options, listener, observer);
    }

    @Override
    public List<WebSocketClient> clients() {
        return clients.clients();
    }
}
