// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import io.holdfast.client.engine.ManagedClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;

/** What the container sees of one configured client: its services, and the listeners it finds. Any thread; only posts. */
final class ClientPublication {
    private static final String URI = "uri";

    private final ManagedClient client;
    private final ServiceSwitch handle;
    private final Optional<ServiceSwitch> child;
    private final ListenerTracker listeners;

    ClientPublication(BundleContext context, ClientRuntime runtime, ManagedClient client) {
        this.client = client;
        this.handle = new ServiceSwitch(
                "WebSocketClient " + client.handle().id(),
                runtime.environment(),
                ServiceSwitch.registry(context, WebSocketClient.class, client.handle()));
        this.child = client.child().map(c -> PublishedChildren.service(context, runtime.environment(), c));
        this.listeners = new ListenerTracker(context, runtime.environment(), runtime.listeners(), client);
    }

    void open() {
        listeners.open();
        show(client.options());
        child.ifPresent(service -> {
            Child c = client.child().orElseThrow();
            service.on(PublishedChildren.properties(
                    c, client.options().supervisorGroup().orElseThrow()));
        });
    }

    /** Without user information and query: properties are public. */
    void show(ClientOptions options) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(MessageListener.CLIENT, client.handle().id());
        properties.put(URI, options.publicUri());
        options.supervisorGroup().ifPresent(group -> properties.put(Child.GROUP, group));
        handle.on(Map.copyOf(properties));
    }

    /** The services go; listeners stay until the client has ended, so that they hear of its end. */
    void withdraw() {
        handle.off();
        child.ifPresent(ServiceSwitch::off);
    }

    /** Completes when nothing of it is left. */
    CompletionStage<Void> close() {
        return CompletableFuture.allOf(
                handle.gone().toCompletableFuture(),
                child.map(ServiceSwitch::gone)
                        .map(CompletionStage::toCompletableFuture)
                        .orElse(CompletableFuture.completedFuture(null)),
                listeners.close().toCompletableFuture());
    }
}
