// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.Transport;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroups;
import io.holdfast.client.engine.ClientSpec;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.CredentialRegistry;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.EventHub;
import io.holdfast.client.engine.FrameObservers;
import io.holdfast.client.engine.ManagedClient;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.client.engine.PluginRegistry;
import io.holdfast.client.engine.Shared;
import io.holdfast.client.engine.TransportHolder;
import io.holdfast.client.exchange.SharedCredits;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One process under simulation: the classes that ship, put together as {@code Holdfast} and the OSGi components do, on a
 * virtual clock and a simulated transport, with the servers of its world and a checker that sees everything.
 */
final class Simulation {
    static final String HOST_A = "a.example";
    static final String HOST_B = "b.example";

    final VirtualEnvironment environment;
    final Checker checker;
    final Map<String, SimulatedServer> servers = new LinkedHashMap<>();
    final SimulatedDesk desk;
    final SimulatedTransport transport;

    /** What the engine sees of it. */
    final Transport installed;

    final TransportHolder transports = new TransportHolder();
    final EndpointGroups endpoints;
    final PluginRegistry<HeartbeatFactory> heartbeats;
    final PluginRegistry<ExchangeFactory> exchanges;
    final EventHub events;
    final Clients clients;
    final Supervision supervision;
    final Plugins plugins;
    private final Sabotage sabotage;
    final Map<String, SimulatedClient> all = new LinkedHashMap<>();
    private final OwnedClients unsupervised;
    private final OwnedClients supervised;

    Simulation(long seed, Duration messageEvery) {
        this(seed, messageEvery, new Sabotage());
    }

    Simulation(long seed, Duration messageEvery, Sabotage sabotage) {
        this.sabotage = sabotage;
        environment = new VirtualEnvironment(seed);
        checker = new Checker(environment);
        for (String host : new String[] {HOST_A, HOST_B}) {
            servers.put(
                    host,
                    new SimulatedServer(
                            host, environment, messageEvery, text -> checker.violated(Rule.SUBSCRIPTIONS, text)));
        }
        desk = new SimulatedDesk(environment, text -> checker.violated(Rule.PREPARED, text));
        transport = new SimulatedTransport(environment, servers, checker, desk);
        var under = sabotage.environment(environment);
        installed = sabotage.transport(transport, environment);
        transports.set(installed);
        endpoints = new EndpointGroups(under, BanStore.inMemory());
        heartbeats = new PluginRegistry<HeartbeatFactory>(under);
        exchanges = new PluginRegistry<ExchangeFactory>(under);
        events = new EventHub(under);
        CredentialRegistry credentials = new CredentialRegistry();
        credentials.add(name -> Map.of(
                "exchange.client.id", Secret.of("me".toCharArray()),
                "exchange.client.secret", Secret.of("right".toCharArray())));
        EngineServices services = new EngineServices(
                under,
                transports,
                endpoints,
                heartbeats,
                exchanges,
                credentials,
                events,
                new FrameObservers(),
                new SharedCredits(),
                new Shared(),
                checker);
        clients = new Clients(services);
        supervision = new Supervision(environment);
        plugins = new Plugins(heartbeats, exchanges, desk, new PluginTrouble(environment));
        plugins.trouble.unread = this::unread;
        servers.values().forEach(s -> s.onCallAnswered = this::answered);
        unsupervised = OwnedClients.unsupervised(clients);
        supervised = new OwnedClients(
                clients, Optional.of(Supervision.GROUP), supervision::published, supervision::withdrawn);
        ConnectionListener watching = sabotage.observer(checker::event);
        events.add(watching, id -> true);
        sabotage.prepare(this);
    }

    // --- clients

    /** Made like a configured client, or like one that a bundle starts by itself. */
    SimulatedClient add(Schedule.ClientPlan plan) {
        String id = plan.id();
        Map<String, Object> options = sabotage.options(plan.options());
        boolean configured = plan.configured();
        SimulatedClient made = new SimulatedClient(plan, this);
        all.put(id, made);
        checker.created(made);
        ClientOptions parsed = ClientOptions.of(options);
        if (configured) {
            ManagedClient client = clients.create(new ClientSpec(id, parsed, true), Optional.empty(), this::ended);
            made.client = client;
            made.handle = client.handle();
            if (!plan.listenerLater()) {
                made.listenerReturns();
            }
            client.child().ifPresent(supervision::published);
            client.begin();
        } else {
            SimulatedListener listener = made.newListener();
            OwnedClients owner = parsed.supervisorGroup().isPresent() ? supervised : unsupervised;
            made.handle = parsed.supervisorGroup().isPresent()
                    ? owner.startClient(parsed, listener)
                    : owner.open(parsed, listener);
            made.client = clients.all().stream()
                    .filter(c -> c.handle() == made.handle)
                    .findFirst()
                    .orElseThrow();
        }
        return made;
    }

    private void ended(ManagedClient client) {
        client.child().ifPresent(supervision::withdrawn);
    }

    /** The plugin failed on a frame: who waits for it does so in vain, unless its successor reads it. */
    private void unread(String client, String frame) {
        servers.values()
                .forEach(s -> s.peers.stream()
                        .filter(p -> p.connection.clientId().equals(client))
                        .forEach(p -> p.session.unread()));
        Optional.ofNullable(all.get(client)).ifPresent(c -> c.calls.unread(frame));
    }

    private void answered(String client, String result) {
        Optional.ofNullable(all.get(client)).ifPresent(c -> c.calls.answered(result));
    }

    // --- faults of the process

    void pause(Duration span) {
        environment.pauseProcess(span);
        checker.stalled(span);
    }

    void stall(Pool pool, Duration span) {
        environment.stall(pool, span);
        checker.stalled(span);
    }

    /** What is still held when all clients have ended. */
    String leftovers() {
        long sockets = servers.values().stream().mapToLong(s -> s.peers.size()).sum();
        return "clients=" + clients.all().size() + " timers=" + environment.pendingTimers() + " tasks="
                + environment.pendingTasks() + " children=" + supervision.children() + " sockets=" + sockets;
    }

    static final String NO_LEFTOVERS = "clients=0 timers=0 tasks=0 children=0 sockets=0";

    /** For options of clients: a text without server, which the simulated transport reads as the client's id. */
    static String uri(String host, String id) {
        return "wss://" + host + "/" + id;
    }
}
