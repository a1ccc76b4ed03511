// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroups;
import io.holdfast.client.lanes.SystemEnvironment;
import io.holdfast.heartbeat.binance.BinanceHeartbeat;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import io.holdfast.heartbeat.generic.GenericHeartbeat;
import io.holdfast.transport.jetty.JettyTransport;

/** The engine with the real transport, plugins, clock and threads, as {@code Holdfast} puts it together. */
final class Rig implements AutoCloseable {
    final SystemEnvironment environment = new SystemEnvironment();
    final JettyTransport jetty = new JettyTransport();
    final TransportHolder transport = new TransportHolder();
    final PluginRegistry<io.holdfast.api.heartbeat.HeartbeatFactory> heartbeats = new PluginRegistry<>(environment);
    final EndpointGroups endpoints = new EndpointGroups(environment, BanStore.inMemory());
    final CredentialRegistry credentials = new CredentialRegistry();
    final EventHub events = new EventHub(environment);
    final EngineServices services = new EngineServices(
            environment, transport, endpoints, heartbeats, credentials, events, TransitionObserver.NONE);
    final Clients clients = new Clients(services);
    final OwnedClients unsupervised = OwnedClients.unsupervised(clients);

    Rig() {
        transport.set(jetty);
        heartbeats.add(new DeribitHeartbeat(), "deribit", "deribit", 0);
        heartbeats.add(new BinanceHeartbeat(), "binance", "binance", 0);
        heartbeats.add(new GenericHeartbeat(), "generic", "generic", 0);
    }

    @Override
    public void close() {
        clients.close(Cause.of(Cause.Kind.OWNER_GONE, "test over"), 5_000);
        endpoints.close();
        jetty.close();
        environment.close();
    }
}
