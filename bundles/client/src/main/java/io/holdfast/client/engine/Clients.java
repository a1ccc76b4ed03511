// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.options.InvalidOptionException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** All clients of a bundle or {@code Holdfast} instance, by id. */
public final class Clients {
    /** Told of every client there is; must only post. */
    public interface Observer {
        Observer NONE = new Observer() {
            @Override
            public void created(ManagedClient client) {
                // nobody wants to know
            }

            @Override
            public void ended(ManagedClient client) {
                // nobody wants to know
            }
        };

        /** Before it may start, on its maker's thread. */
        void created(ManagedClient client);

        /** On its mailbox, before its id is free again. */
        void ended(ManagedClient client);
    }

    private final EngineServices services;
    private final Observer observer;
    private final Map<String, ManagedClient> byId = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public Clients(EngineServices services) {
        this(services, Observer.NONE);
    }

    public Clients(EngineServices services, Observer observer) {
        this.services = services;
        this.observer = observer;
    }

    /**
     * Makes a client that is not started yet.
     *
     * @param onEnded called once, on its mailbox, when the client has ended; must only post
     * @throws InvalidOptionException if the id is in use
     * @throws IllegalStateException after {@link #close}
     */
    public ManagedClient create(
            ClientSpec spec, Optional<ConnectionListener> listener, Consumer<ManagedClient> onEnded) {
        Optional<ObserverLane> lane = listener.map(services.events()::lane);
        ManagedClient made = new ManagedClient(spec, services, lane, client -> {
            observer.ended(client);
            byId.remove(client.handle().id(), client);
            onEnded.accept(client);
        });
        if (byId.putIfAbsent(spec.id(), made) != null) {
            throw new InvalidOptionException("client.id", "'" + spec.id() + "' is in use by another client");
        }
        if (closed) {
            // Looked at after the client was entered, so that either this sees the end or the end sees the client.
            byId.remove(spec.id(), made);
            throw new IllegalStateException(
                    "client '" + spec.id() + "' cannot be made: its bundle or Holdfast instance has ended");
        }
        observer.created(made);
        return made;
    }

    /** Equal options as one object. */
    ClientOptions shared(ClientOptions options) {
        return services.shared().of(options);
    }

    public List<ManagedClient> all() {
        return List.copyOf(byId.values());
    }

    /** No client is made any more; ends all at once and waits until nothing is left, at most so long. */
    public void close(Cause cause, long limitMillis) {
        closed = true;
        CompletableFuture<?>[] ends =
                all().stream().map(c -> c.end(cause).toCompletableFuture()).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(limitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // What is left is cut off when its transport and threads end, right after this.
            return;
        }
    }
}
