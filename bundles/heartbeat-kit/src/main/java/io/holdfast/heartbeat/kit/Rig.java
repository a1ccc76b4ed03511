// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.client.lanes.SystemEnvironment;
import io.holdfast.simulator.Simulator;
import io.holdfast.transport.jetty.JettyTransport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Engine and transport as they ship, and the subject's exchange. */
final class Rig implements AutoCloseable {
    /** For what must happen at some time; says nothing about speed. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** Added to each bound: what a busy machine may add. */
    static final Duration ALLOWANCE = Duration.ofSeconds(30);

    private static final int KEPT = 4096;

    final Subject subject;
    final Simulator simulator;
    private final SystemEnvironment environment = new SystemEnvironment();
    private final JettyTransport transport = new JettyTransport();
    private final EngineServices services;
    private final Clients clients;
    private final OwnedClients unsupervised;

    Rig(Subject subject) {
        this.subject = subject;
        simulator = simulator(subject);
        services = EngineServices.of(environment, BanStore.inMemory(), TransitionObserver.NONE);
        services.transport().set(transport);
        clients = new Clients(services);
        unsupervised = OwnedClients.unsupervised(clients);
        services.endpoints()
                .configure(
                        "all",
                        EndpointGroupOptions.of(Map.of("host.patterns", "*", "attempts", "1000", "window", "1s")));
        plug(subject.factory());
    }

    static Simulator simulator(Subject subject) {
        Simulator simulator =
                Simulator.start(subject.peer().simulator().keepReceived(KEPT).build());
        subject.peer().install(simulator);
        return simulator;
    }

    void plug(HeartbeatFactory factory) {
        services.heartbeats().add(factory, factory.type(), factory.getClass().getName(), 0);
    }

    void unplug(HeartbeatFactory factory) {
        services.heartbeats().remove(factory);
    }

    /** A client on the line, without a heartbeat yet. */
    ClientOptions.Builder options(Peer.Line line, String id) {
        ClientOptions.Builder options = ClientOptions.uri(
                        simulator.uri(line.path()).toString())
                .id(id)
                .option("reconnect.floor", "50ms")
                .option("reconnect.initial", "50ms")
                .option("reconnect.maximum", "200ms")
                .option("reconnect.jitter", "0")
                .option("reconnect.attempts", "0")
                // A busy machine is no fault of a plugin.
                .option("plugin.limit", "20s");
        line.openMessages().forEach(options::openMessage);
        return options;
    }

    /** Opens one with the subject's heartbeat and waits until it is ready. */
    Notes open(Peer.Line line, String id) throws Exception {
        return open(options(line, id).heartbeat(subject.factory().type(), subject.options()));
    }

    Notes open(ClientOptions.Builder options) throws Exception {
        Notes notes = new Notes();
        WebSocketClient client = unsupervised.open(options.build(), notes, notes);
        client.opened().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return notes;
    }

    static void until(String what, Callable<Boolean> condition) {
        await(what).atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    /** Lets a span pass in which a breach of the condition would have to show. */
    static void stays(String what, Duration span, Callable<Boolean> condition) {
        await(what)
                .pollInterval(Duration.ofMillis(20))
                .during(span)
                .atMost(span.plus(LIMIT))
                .until(condition);
    }

    @Override
    public void close() {
        clients.close(Cause.of(Cause.Kind.OWNER_GONE, "test over"), 5_000);
        services.endpoints().close();
        transport.close();
        environment.close();
        simulator.close();
    }
}
