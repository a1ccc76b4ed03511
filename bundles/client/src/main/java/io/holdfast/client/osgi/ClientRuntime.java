// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.client.FrameObserver;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.Signer;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.transport.Transport;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroups;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.CredentialRegistry;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.PluginRegistry;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.SystemEnvironment;
import java.io.File;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.condition.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all clients of the container share, and the one place where plugins of the engine are bound. Its service is for this
 * bundle only. Plugins come and go while clients live; callbacks only post, but for the going of a heartbeat plugin, which
 * waits up to half a second until nobody is inside it.
 */
@Component(service = ClientRuntime.class, immediate = true)
public final class ClientRuntime {
    /** Framework or system property: a directory that outlives the framework's storage. */
    private static final String STATE = "holdfast.state";

    private final Logger logger = LoggerFactory.getLogger(ClientRuntime.class);

    /** Not our own loader: Event Admin, for one, makes its threads while we call it, and would keep every version of us. */
    private final SystemEnvironment environment = new SystemEnvironment(ClassLoader.getSystemClassLoader());

    private final EngineServices services;
    private final Clients clients;
    private final Leave leave;
    private final ListenerWhiteboard listeners;

    /** Clients whose configuration has changed, by PID, for the moment between two instances of {@link ConfiguredClient}. */
    private final Map<String, ClientHome> handedOver = new ConcurrentHashMap<>();

    /** The same for endpoint groups, by id. */
    private final Set<String> endpointGroupsInForce = ConcurrentHashMap.newKeySet();

    @Activate
    public ClientRuntime(BundleContext context) {
        Conditions conditions = new Conditions(environment, id -> condition(context, id));
        services = EngineServices.of(environment, banStore(context), conditions);
        services.events().add(conditions::event, id -> true);
        clients = new Clients(services, conditions);
        listeners = new ListenerWhiteboard(context);
        listeners.open();
        leave = new Leave(
                System::nanoTime, () -> stops(context), () -> clients.all().forEach(c -> c.end(bundleStopped())));
    }

    private Consumer<Boolean> condition(BundleContext context, String id) {
        Map<String, Object> properties = Map.of(Condition.CONDITION_ID, id);
        ServiceSwitch service = new ServiceSwitch(
                "Condition " + id, environment, ServiceSwitch.registry(context, Condition.class, Condition.INSTANCE));
        return there -> {
            if (there) {
                service.on(properties);
            } else {
                service.off();
            }
        };
    }

    private static BanStore banStore(BundleContext context) {
        String state = context.getProperty(STATE);
        if (state != null && !state.isBlank()) {
            return BanStore.inDirectory(Path.of(state).resolve("endpoints"));
        }
        File directory = context.getDataFile("endpoints");
        return directory == null ? BanStore.inMemory() : BanStore.inDirectory(directory.toPath());
    }

    private static boolean stops(BundleContext context) {
        return context.getBundle().getState() == Bundle.STOPPING
                || context.getBundle(0).getState() == Bundle.STOPPING;
    }

    private static Cause bundleStopped() {
        return Cause.of(Cause.Kind.OWNER_GONE, "bundle stopped");
    }

    /** Ends all clients at once, then every thread. */
    @Deactivate
    public void deactivate() {
        clients.close(bundleStopped(), TimeUnit.NANOSECONDS.toMillis(Math.max(0, leave.left())));
        listeners.close();
        services.endpoints().close();
        environment.close();
    }

    Clients clients() {
        return clients;
    }

    /** Keeps a client for the next component of its configuration; it ends with this runtime at the latest. */
    void handOver(String pid, ClientHome home) {
        handedOver.put(pid, home);
    }

    Optional<ClientHome> takeOver(String pid) {
        return Optional.ofNullable(handedOver.remove(pid));
    }

    Set<String> endpointGroupsInForce() {
        return endpointGroupsInForce;
    }

    ListenerWhiteboard listeners() {
        return listeners;
    }

    Environment environment() {
        return environment;
    }

    CredentialRegistry credentials() {
        return services.credentials();
    }

    /** Who may connect where and when. */
    public EndpointGroups endpoints() {
        return services.endpoints();
    }

    /** For components that go: waits for what they leave behind, 2 s at most. */
    void awaitEnd(String what, CompletionStage<?> end) {
        leave.await(what, end);
    }

    // --- bound by SCR

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTransport(Transport transport) {
        services.transport().set(transport);
    }

    void unbindTransport(Transport transport) {
        services.transport().unset(transport);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHeartbeat(HeartbeatFactory factory, ServiceReference<HeartbeatFactory> reference) {
        add(services.heartbeats(), factory, reference, HeartbeatFactory.TYPE, "Heartbeat");
    }

    /** Its type or ranking may be another one now. */
    void updatedHeartbeat(HeartbeatFactory factory, ServiceReference<HeartbeatFactory> reference) {
        update(services.heartbeats(), factory, reference, HeartbeatFactory.TYPE, "Heartbeat");
    }

    void unbindHeartbeat(HeartbeatFactory factory) {
        services.heartbeats().remove(factory);
    }

    private <F> void add(
            PluginRegistry<F> registry, F factory, ServiceReference<F> reference, String typeProperty, String kind) {
        type(reference, typeProperty, kind)
                .ifPresent(type -> registry.add(factory, type, pluginName(reference.getBundle()), ranking(reference)));
    }

    private <F> void update(
            PluginRegistry<F> registry, F factory, ServiceReference<F> reference, String typeProperty, String kind) {
        type(reference, typeProperty, kind)
                .ifPresentOrElse(
                        type -> registry.update(factory, type, pluginName(reference.getBundle()), ranking(reference)),
                        () -> registry.remove(factory));
    }

    private Optional<String> type(ServiceReference<?> reference, String typeProperty, String kind) {
        if (reference.getProperty(typeProperty) instanceof String type && !type.isBlank()) {
            return Optional.of(type);
        }
        String plugin = pluginName(reference.getBundle());
        logger.warn("{} plugin of {} is ignored: its service has no property {}", kind, plugin, typeProperty);
        return Optional.empty();
    }

    private static int ranking(ServiceReference<?> reference) {
        return reference.getProperty("service.ranking") instanceof Integer ranking ? ranking : 0;
    }

    private static String pluginName(Bundle bundle) {
        return bundle == null ? "a bundle that has gone" : bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindExchange(ExchangeFactory factory, ServiceReference<ExchangeFactory> reference) {
        add(services.exchanges(), factory, reference, ExchangeFactory.TYPE, "Exchange");
    }

    /** Its type or ranking may be another one now. */
    void updatedExchange(ExchangeFactory factory, ServiceReference<ExchangeFactory> reference) {
        update(services.exchanges(), factory, reference, ExchangeFactory.TYPE, "Exchange");
    }

    void unbindExchange(ExchangeFactory factory) {
        services.exchanges().remove(factory);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSigner(Signer signer) {
        services.credentials().add(signer);
    }

    void unbindSigner(Signer signer) {
        services.credentials().remove(signer);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCredentialSource(CredentialSource source) {
        services.credentials().add(source);
    }

    void unbindCredentialSource(CredentialSource source) {
        services.credentials().remove(source);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindFrameObserver(FrameObserver observer) {
        services.frames().add(observer);
    }

    void unbindFrameObserver(FrameObserver observer) {
        services.frames().remove(observer);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindConnectionListener(ConnectionListener listener, Map<String, Object> properties) {
        Set<String> ids = new HashSet<>(Properties.texts(properties.get(MessageListener.CLIENT)));
        services.events().add(listener, id -> ids.isEmpty() || ids.contains(id));
    }

    /** Other clients may be named now. */
    void updatedConnectionListener(ConnectionListener listener, Map<String, Object> properties) {
        bindConnectionListener(listener, properties);
    }

    void unbindConnectionListener(ConnectionListener listener) {
        services.events().remove(listener);
    }
}
