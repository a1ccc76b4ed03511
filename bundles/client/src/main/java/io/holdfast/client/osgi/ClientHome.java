// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.client.engine.ClientSpec;
import io.holdfast.client.engine.ManagedClient;
import io.holdfast.client.engine.Text;
import io.holdfast.client.lanes.SerialLane;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of one configuration, over all changes of it. The client stays the same but for changes that only a new client
 * can take; a change that cannot be accepted leaves the options in force.
 */
final class ClientHome {
    private static final Cause GONE = Cause.of(Cause.Kind.OWNER_GONE, "its configuration or its bundle has gone");

    private record Current(ManagedClient client, ClientPublication publication) {}

    private final Logger logger = LoggerFactory.getLogger(ConfiguredClient.class);
    private final BundleContext context;
    private final ClientRuntime runtime;

    /** Changes one after another. Nothing waits in it: it shares its threads with all other clients. */
    private final SerialLane lane;

    /** Confined to the lane, like {@link #replacing}. */
    private Map<String, Object> offered;

    /** The old client is ending; what is offered meanwhile is taken by the new one. */
    private boolean replacing;

    /** Written on the lane. */
    private volatile Current current;

    private volatile boolean leaving;

    /** @throws InvalidOptionException if the configuration cannot be accepted: there is no client then */
    ClientHome(BundleContext context, Map<String, Object> properties, ClientRuntime runtime) {
        this.context = context;
        this.runtime = runtime;
        this.offered = Map.copyOf(properties);
        this.lane = new SerialLane(
                runtime.environment().publishing(),
                fault -> logger.error("Client {}: a change failed: {}", id(), Text.of(fault)));
        this.current = create(options(properties));
    }

    private static ClientOptions options(Map<String, Object> properties) {
        Map<String, Object> named = Properties.named(properties, MessageListener.CLIENT);
        if (!named.containsKey(MessageListener.CLIENT)) {
            throw new InvalidOptionException(MessageListener.CLIENT, "is required, as the PID has no part after '~'");
        }
        return ClientOptions.of(named);
    }

    private Current create(ClientOptions options) {
        CompletableFuture<ClientPublication> made = new CompletableFuture<>();
        ClientSpec spec = new ClientSpec(options.effectiveId(), options, true);
        // A client may end by its user's order while its configuration stays.
        ManagedClient client =
                runtime.clients().create(spec, Optional.empty(), ended -> made.thenAccept(ClientPublication::close));
        ClientPublication publication = new ClientPublication(context, runtime, client);
        made.complete(publication);
        return new Current(client, publication);
    }

    /** Once, after everything was built; nothing else starts the client. */
    void begin() {
        begin(current);
    }

    private static void begin(Current next) {
        next.client().begin();
        next.publication().open();
    }

    /** Posts; never throws. */
    void modified(Map<String, Object> properties) {
        lane.execute(() -> change(Map.copyOf(properties)));
    }

    /** Ends the client, within the time that those who leave may take. */
    void close() {
        leaving = true;
        current.client().end(GONE);
        CompletableFuture<Void> gone = new CompletableFuture<>();
        // Behind a change that is under way and may have made another client.
        Runnable end = () -> {
            Current last = current;
            last.publication().withdraw();
            last.client().end(GONE).thenCompose(v -> last.publication().close()).thenRun(() -> gone.complete(null));
        };
        lane.execute(end, () -> gone.complete(null));
        runtime.awaitEnd("The end of client " + id(), gone);
    }

    private String id() {
        Current now = current;
        return now == null ? "" : now.client().handle().id();
    }

    // --- on the lane

    private void change(Map<String, Object> properties) {
        if (leaving || Properties.same(offered, properties)) {
            return;
        }
        offered = properties;
        if (!replacing) {
            take();
        }
    }

    private void take() {
        try {
            ClientOptions options = options(offered);
            ManagedClient client = current.client();
            if (client.handle().state() == ClientState.CLOSED
                    || client.options().needsRestart(options)) {
                replace(options);
            } else {
                client.reconfigure(options);
                current.publication().show(options);
            }
        } catch (InvalidOptionException e) {
            refused(e);
        }
    }

    private void refused(InvalidOptionException e) {
        logger.warn(
                "Client {}: the changed configuration is refused, the options in force stay. {}", id(), e.getMessage());
        current.client().rejected("configuration refused: " + e.getMessage());
    }

    private void replace(ClientOptions options) {
        Current old = current;
        boolean sameId = options.effectiveId().equals(id());
        // Another id may be in use: then nothing must have been ended.
        Optional<Current> early = sameId ? Optional.empty() : Optional.of(create(options));
        Map<String, Object> taken = offered;
        replacing = true;
        old.publication().withdraw();
        Cause cause = Cause.of(Cause.Kind.OPERATOR, "options changed that need a new client");
        // Two connections at a time could break the exchange's limits.
        old.client().end(cause).thenRun(() -> lane.execute(() -> succeed(early, options, taken)));
    }

    private void succeed(Optional<Current> early, ClientOptions options, Map<String, Object> taken) {
        replacing = false;
        if (leaving) {
            early.ifPresent(c -> c.client().end(GONE));
            return;
        }
        try {
            current = early.orElseGet(() -> create(options));
            begin(current);
        } catch (InvalidOptionException e) {
            refused(e);
        }
        if (offered != taken) {
            take();
        }
    }
}
