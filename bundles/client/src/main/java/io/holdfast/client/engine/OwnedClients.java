// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ClientSupervisor;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.client.WebSocketClients;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.supervision.Child;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The clients one user, mostly a bundle, has started by itself: closed and forgotten when the user goes. Serves as {@link
 * WebSocketClients} and, with a group, as {@link ClientSupervisor}.
 */
public final class OwnedClients implements WebSocketClients, ClientSupervisor {
    private final Clients clients;
    private final Optional<String> group;
    private final Consumer<Child> published;
    private final Consumer<Child> withdrawn;
    /** One for all clients. */
    private final Consumer<ManagedClient> onEnded = this::ended;

    private final Set<ManagedClient> own = ConcurrentHashMap.newKeySet();
    private volatile Optional<Cause> gone = Optional.empty();

    /**
     * @param group the group whose clients these are, empty for unsupervised ones
     * @param published makes a child known to supervisors
     * @param withdrawn takes it back
     */
    public OwnedClients(Clients clients, Optional<String> group, Consumer<Child> published, Consumer<Child> withdrawn) {
        this.clients = clients;
        this.group = group;
        this.published = published;
        this.withdrawn = withdrawn;
    }

    public static OwnedClients unsupervised(Clients clients) {
        return new OwnedClients(clients, Optional.empty(), c -> {}, c -> {});
    }

    @Override
    public WebSocketClient open(ClientOptions options, MessageListener listener) {
        return make(options, listener, Optional.empty());
    }

    @Override
    public WebSocketClient open(ClientOptions options, MessageListener listener, ConnectionListener observer) {
        return make(options, listener, Optional.of(observer));
    }

    @Override
    public String group() {
        return group.orElse("");
    }

    @Override
    public WebSocketClient startClient(ClientOptions options, MessageListener listener) {
        return make(options, listener, Optional.empty());
    }

    @Override
    public WebSocketClient startClient(ClientOptions options, MessageListener listener, ConnectionListener observer) {
        return make(options, listener, Optional.of(observer));
    }

    private WebSocketClient make(ClientOptions given, MessageListener listener, Optional<ConnectionListener> observer) {
        if (listener == null) {
            throw new IllegalArgumentException("a client needs a listener; its messages would go to nobody");
        }
        ClientOptions options = given;
        if (group.isPresent()) {
            given.supervisorGroup().filter(g -> !g.equals(group.get())).ifPresent(g -> {
                throw new InvalidOptionException(
                        "supervisor.group", "is '" + g + "', but this is group '" + group.get() + "'");
            });
            options = given.withGroup(group.get());
        } else if (given.supervisorGroup().isPresent()) {
            throw new InvalidOptionException("supervisor.group", "use the group's ClientSupervisor");
        }
        refuseIfGone();
        ManagedClient client = clients.create(
                new ClientSpec(options.effectiveId(), clients.shared(options.withoutId()), false), observer, onEnded);
        own.add(client);
        if (gone.isPresent()) {
            // The user went meanwhile; either this sees it or endAll sees the client.
            client.end(gone.get());
            refuseIfGone();
        }
        client.addListener(listener, Optional.empty());
        client.child().ifPresent(published);
        if (client.handle().state() == ClientState.CLOSED) {
            // Its end came before its child was published and found nothing to withdraw.
            client.child().ifPresent(withdrawn);
        }
        client.begin();
        return client.handle();
    }

    private void refuseIfGone() {
        gone.ifPresent(cause -> {
            throw new IllegalStateException("no client can be made here any more: " + cause.message());
        });
    }

    private void ended(ManagedClient client) {
        own.remove(client);
        client.child().ifPresent(withdrawn);
    }

    @Override
    public List<WebSocketClient> clients() {
        return own.stream().map(ManagedClient::handle).toList();
    }

    @Override
    public CompletionStage<Void> stopClient(WebSocketClient client) {
        if (own.stream().noneMatch(c -> c.handle() == client)) {
            return CompletableFuture.failedStage(
                    new IllegalArgumentException("client '" + client.id() + "' was not started here"));
        }
        return client.close();
    }

    /** The user goes: all its clients are closed with 1001, and it can make no more. */
    public CompletionStage<Void> endAll(Cause cause) {
        gone = Optional.of(cause);
        return CompletableFuture.allOf(
                own.stream().map(c -> c.end(cause).toCompletableFuture()).toArray(CompletableFuture[]::new));
    }
}
