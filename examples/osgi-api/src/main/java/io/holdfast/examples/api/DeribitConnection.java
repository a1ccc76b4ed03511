// SPDX-License-Identifier: Apache-2.0
package io.holdfast.examples.api;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientSupervisor;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A production connection to Deribit that a component starts itself, supervised by the group {@code example-desk}. When the client
 * gives up, the supervisor starts it anew behind the same handle; when this bundle stops, its clients end with it.
 */
@Component(
        service = {},
        immediate = true)
public final class DeribitConnection implements MessageListener, ConnectionListener {
    private static final String URI = "holdfast.example.uri";
    private static final String SUBSCRIBE =
            "{\"jsonrpc\":\"2.0\",\"id\":\"subscribe\",\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"ticker.BTC-PERPETUAL.100ms\"]}}";

    private final Logger logger = LoggerFactory.getLogger(DeribitConnection.class);
    private final ClientSupervisor supervisor;
    private final WebSocketClient client;

    /** Only asks for the connection: what it comes to is told by {@link #onEvent}. */
    @Activate
    public DeribitConnection(
            @Reference(target = "(supervisor.group=example-desk)") ClientSupervisor supervisor, BundleContext context) {
        this.supervisor = supervisor;
        String given = context.getProperty(URI);
        ClientOptions options = ClientOptions.uri(given == null ? "wss://test.deribit.com/ws/api/v2" : given)
                .id("example-api")
                .heartbeat("deribit", Map.of("interval", "30s"))
                .openMessage(SUBSCRIBE, "\"id\":\"subscribe\"")
                // Ten attempts, then the supervisor's turn: up to ten restarts a minute.
                .option("reconnect.attempts", "10")
                .option("initial.failure", "restart")
                .build();
        client = supervisor.startClient(options, this, this);
    }

    @Deactivate
    public void stop() {
        supervisor.stopClient(client);
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        logger.info("{} {}", event.type(), event.cause().map(Object::toString).orElse(""));
    }

    @Override
    public void onMessage(Message message) {
        logger.debug("Message {}: {}", message.sequence(), message.text());
    }

    @Override
    public void onContinuity(Continuity continuity) {
        logger.info("{}", continuity);
    }
}
