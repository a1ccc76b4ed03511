// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.SerialLane;
import io.holdfast.client.lanes.SystemEnvironment;
import io.holdfast.exchange.deribit.DeribitExchange;
import io.holdfast.heartbeat.binance.BinanceHeartbeat;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import io.holdfast.heartbeat.generic.GenericHeartbeat;
import io.holdfast.supervisor.group.Group;
import io.holdfast.supervisor.group.GroupOptions;
import io.holdfast.supervisor.group.GroupThreads;
import io.holdfast.transport.jetty.JettyTransport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Engine, transport, heartbeat plugins and supervisor as they ship, with real clock, threads and sockets. */
final class House implements AutoCloseable {
    /** For what must happen at some time; says nothing about speed. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** Added to every bound that follows from configuration: what a busy machine may add. */
    static final Duration ALLOWANCE = Duration.ofSeconds(10);

    private static final String EVERYWHERE = "everywhere";

    final EngineServices services;

    /** Sees every step of every client; a test may let it fail, which is a fault within the engine. */
    volatile TransitionObserver observer = TransitionObserver.NONE;

    final JettyTransport jetty = new JettyTransport();
    final Clients clients;
    final OwnedClients unsupervised;
    private final SystemEnvironment environment = new SystemEnvironment();
    private final List<Group> groups = new CopyOnWriteArrayList<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    /** With an attempt budget that is in nobody's way. */
    House() {
        this(Map.of("attempts", "1000", "window", "1s", "burst", "5"));
    }

    /** @param budget options of the endpoint group that all hosts belong to, but for its patterns */
    House(Map<String, ?> budget) {
        services = EngineServices.of(
                environment,
                BanStore.inMemory(),
                (id, before, input, after) -> observer.step(id, before, input, after));
        services.transport().set(jetty);
        services.heartbeats().add(new DeribitHeartbeat(), "deribit", "deribit", 0);
        services.heartbeats().add(new BinanceHeartbeat(), "binance", "binance", 0);
        services.heartbeats().add(new GenericHeartbeat(), "generic", "generic", 0);
        services.exchanges().add(new DeribitExchange(), "deribit", "deribit", 0);
        clients = new Clients(services);
        unsupervised = OwnedClients.unsupervised(clients);
        budget(budget);
    }

    void budget(Map<String, ?> options) {
        var all = new java.util.TreeMap<String, Object>(options);
        all.put("host.patterns", "*");
        services.endpoints().configure(EVERYWHERE, EndpointGroupOptions.of(all));
    }

    /** Options of a client that tries again quickly and in fixed steps. */
    static ClientOptions.Builder quick(URI uri) {
        return ClientOptions.uri(uri.toString())
                .option("reconnect.floor", "50ms")
                .option("reconnect.initial", "50ms")
                .option("reconnect.maximum", "200ms")
                .option("reconnect.jitter", "0")
                .option("close.timeout", "5s")
                // A busy machine is no fault of a plugin.
                .option("plugin.limit", "10s");
    }

    /** Opens a client that nobody supervises. */
    WebSocketClient open(ClientOptions.Builder options, Seen seen) {
        return unsupervised.open(options.build(), seen, seen);
    }

    /** Opens one and waits until it is ready. */
    WebSocketClient ready(ClientOptions.Builder options, Seen seen) throws Exception {
        WebSocketClient client = open(options, seen);
        get(client.opened());
        return client;
    }

    Group group(String name, Map<String, ?> options) {
        Group group = new Group(groupOptions(name, options), new Threads());
        groups.add(group);
        return group;
    }

    static GroupOptions groupOptions(String name, Map<String, ?> options) {
        return GroupOptions.of(options, GroupOptions.PID + "~" + name);
    }

    /** The way for users to start clients in the group. */
    OwnedClients supervisedBy(Group group) {
        return new OwnedClients(clients, Optional.of(group.group()), group::add, group::remove);
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    static void until(String what, Callable<Boolean> condition) {
        await(what).atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    /** Asserts that the condition holds all through a span in which its breach would have to show. */
    static void stays(String what, Duration span, Callable<Boolean> condition) {
        await(what)
                .pollInterval(Duration.ofMillis(20))
                .during(span)
                .atMost(span.plus(LIMIT))
                .until(condition);
    }

    @Override
    public void close() {
        groups.forEach(Group::close);
        clients.close(Cause.of(Cause.Kind.OWNER_GONE, "test over"), 5_000);
        services.endpoints().close();
        jetty.close();
        environment.close();
        if (!faults.isEmpty()) {
            AssertionError error = new AssertionError("a group's mailbox failed");
            faults.forEach(error::addSuppressed);
            throw error;
        }
    }

    /** One group's threads, from the same pools as the clients'. */
    private final class Threads implements GroupThreads {
        private final SerialLane lane = new SerialLane(environment.mailboxes(), faults::add);

        @Override
        public long nanoTime() {
            return environment.nanoTime();
        }

        @Override
        public Runnable schedule(long delayNanos, Runnable task) {
            Cancellable timer = environment.schedule(delayNanos, task);
            return timer::cancel;
        }

        @Override
        public Executor mailbox() {
            return lane;
        }

        @Override
        public Executor publishing() {
            return environment.publishing();
        }
    }
}
