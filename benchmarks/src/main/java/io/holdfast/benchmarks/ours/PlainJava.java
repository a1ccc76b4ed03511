// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.ours;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.transport.Transport;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.SerialLane;
import io.holdfast.client.lanes.SystemEnvironment;
import io.holdfast.supervisor.group.Group;
import io.holdfast.supervisor.group.GroupOptions;
import io.holdfast.supervisor.group.GroupThreads;
import io.holdfast.transport.jetty.JettyTransport;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Client and supervisor bundles on the class path, wired by hand as their components are in a container. (The public way in
 * from plain Java, {@code Holdfast}, has no supervisor.)
 */
public final class PlainJava implements Ours {
    private final SystemEnvironment environment = new SystemEnvironment();
    private final EngineServices services =
            EngineServices.of(environment, BanStore.inMemory(), TransitionObserver.NONE);
    private final JettyTransport transport = new JettyTransport();
    private final Clients clients = new Clients(services);
    private final OwnedClients unsupervised = OwnedClients.unsupervised(clients);
    private final Group group = new Group(GroupOptions.of(Map.of(), GroupOptions.PID + "~" + GROUP), new Threads());
    private final OwnedClients supervised = new OwnedClients(clients, Optional.of(GROUP), group::add, group::remove);
    private final boolean bare;

    /**
     * @param bare no supervision
     * @param budget options of the endpoint group of all hosts
     */
    public PlainJava(boolean bare, Map<String, ?> budget) {
        this.bare = bare;
        services.transport().set((Transport) transport);
        for (String type : new String[] {ExchangeHeartbeat.BEATING, ExchangeHeartbeat.QUIET}) {
            services.heartbeats().add(new ExchangeHeartbeat(type), type, type, 0);
        }
        services.endpoints().configure("everywhere", EndpointGroupOptions.of(budget));
    }

    @Override
    public WebSocketClient open(ClientOptions options, MessageListener listener) {
        return (bare ? unsupervised : supervised).open(options, listener);
    }

    @Override
    public void close() {
        group.close();
        clients.close(Cause.of(Cause.Kind.OWNER_GONE, "the benchmark is over"), 2_000);
        services.endpoints().close();
        transport.close();
        environment.close();
    }

    private final class Threads implements GroupThreads {
        private final SerialLane lane = new SerialLane(environment.mailboxes(), fault -> fault.printStackTrace());

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
