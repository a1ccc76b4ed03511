// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.client.FrameObserver;
import io.holdfast.api.client.WebSocketClients;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.Signer;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.transport.Transport;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.client.lanes.SystemEnvironment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.annotation.versioning.ProviderType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients without a container: on a plain class path or module path.
 *
 * <pre>{@code
 * try (Holdfast holdfast = Holdfast.start()) {
 *   WebSocketClient client = holdfast.clients().open(options, message -> handle(message.bytes()));
 *   ...
 * }
 * }</pre>
 *
 * <p>Each instance has its own threads (daemons named {@code holdfast-...}) and its own endpoint groups. Thread-safe. In a
 * container use the service {@link WebSocketClients} instead.
 */
@ProviderType
public final class Holdfast implements AutoCloseable {
    private static final long CLOSE_MILLIS = 2000;

    private final Logger logger = LoggerFactory.getLogger(Holdfast.class);
    private final SystemEnvironment environment = new SystemEnvironment();
    private final EngineServices services;
    private final Clients clients;
    private final WebSocketClients opened;
    private final List<String> heartbeatTypes;
    private final Runnable closeTransport;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Holdfast(
            Transport transport,
            Collection<? extends HeartbeatFactory> heartbeats,
            Collection<? extends ExchangeFactory> exchanges,
            BanStore bans,
            Runnable closeTransport) {
        this.closeTransport = closeTransport;
        services = EngineServices.of(environment, bans, TransitionObserver.NONE);
        services.transport().set(transport);
        heartbeats.forEach(
                h -> services.heartbeats().add(h, h.type(), h.getClass().getName(), 0));
        exchanges.forEach(
                x -> services.exchanges().add(x, x.type(), x.getClass().getName(), 0));
        clients = new Clients(services);
        opened = OwnedClients.unsupervised(clients);
        heartbeatTypes = heartbeats.stream().map(HeartbeatFactory::type).toList();
    }

    /**
     * Starts with the transport and the plugins that {@link ServiceLoader} finds, first by the thread's context class
     * loader, then by that of this class. The transport is closed with this object.
     *
     * @throws IllegalStateException if there is no transport
     * @throws java.util.ServiceConfigurationError if a provider cannot be made
     */
    public static Holdfast start() {
        return start(BanStore.inMemory());
    }

    /**
     * The same; bans that servers gave are kept in the directory, so that the next process obeys them, too.
     *
     * @param state of this process alone; made when there is something to keep. One that cannot be read or written is logged,
     *     and bans then end with the process
     */
    public static Holdfast start(Path state) {
        return start(BanStore.inDirectory(state));
    }

    private static Holdfast start(BanStore bans) {
        List<Transport> transports = load(Transport.class);
        if (transports.isEmpty()) {
            throw new IllegalStateException("there is no provider of " + Transport.class.getName()
                    + "; add io.holdfast.transport.jetty to the class path or module path");
        }
        Transport transport = transports.get(0);
        return new Holdfast(
                transport, load(HeartbeatFactory.class), load(ExchangeFactory.class), bans, () -> close(transport));
    }

    /**
     * Starts with what is given, and nothing else.
     *
     * @param transport remains its maker's to close
     * @param heartbeats of several with one type the first is used
     */
    public static Holdfast start(Transport transport, Collection<? extends HeartbeatFactory> heartbeats) {
        return start(transport, heartbeats, List.of());
    }

    /**
     * The same with exchange plugins.
     *
     * @param exchanges of several with one type the first is used
     */
    public static Holdfast start(
            Transport transport,
            Collection<? extends HeartbeatFactory> heartbeats,
            Collection<? extends ExchangeFactory> exchanges) {
        return new Holdfast(transport, heartbeats, exchanges, BanStore.inMemory(), () -> {});
    }

    private static <S> List<S> load(Class<S> service) {
        Map<Class<? extends S>, S> found = new LinkedHashMap<>();
        for (ClassLoader loader :
                new ClassLoader[] {Thread.currentThread().getContextClassLoader(), Holdfast.class.getClassLoader()}) {
            ServiceLoader.load(service, loader).stream()
                    .filter(provider -> !found.containsKey(provider.type()))
                    .forEach(provider -> found.put(provider.type(), provider.get()));
        }
        return List.copyOf(found.values());
    }

    private static void close(Transport transport) {
        if (transport instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                throw new IllegalStateException("the transport could not be closed", e);
            }
        }
    }

    /** Opens clients; refuses to after {@link #close}. */
    public WebSocketClients clients() {
        return opened;
    }

    /** The types of the heartbeat plugins there are, one for each plugin: what clients may name in {@code heartbeat.type}. */
    public List<String> heartbeatTypes() {
        return heartbeatTypes;
    }

    /** Asked at every log-in of clients that name credentials, in the order of adding. */
    public void addSigner(Signer signer) {
        services.credentials().add(signer);
    }

    /** Asked at every connect of clients that name credentials, in the order of adding. */
    public void addCredentials(CredentialSource source) {
        services.credentials().add(source);
    }

    /** Sees every frame of every client from here on. Remains its maker's to close, after {@link #close}. */
    public void addFrameObserver(FrameObserver observer) {
        services.frames().add(observer);
    }

    /** Frames that are under way may still be told. */
    public void removeFrameObserver(FrameObserver observer) {
        services.frames().remove(observer);
    }

    /**
     * Ends all clients with 1001, waiting for closing handshakes up to 2 s, then every thread. A second call does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        logger.debug("Closing with {} clients", clients.all().size());
        clients.close(Cause.of(Cause.Kind.OWNER_GONE, "Holdfast was closed"), CLOSE_MILLIS);
        services.endpoints().close();
        try {
            // First, so that what its end still answers finds our threads.
            closeTransport.run();
        } finally {
            environment.close();
        }
    }
}
