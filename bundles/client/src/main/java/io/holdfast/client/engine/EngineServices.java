// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroups;
import io.holdfast.client.exchange.SharedCredits;
import io.holdfast.client.lanes.Environment;

/** What all clients of a bundle or {@code Holdfast} instance share. */
public record EngineServices(
        Environment environment,
        TransportHolder transport,
        EndpointGroups endpoints,
        PluginRegistry<HeartbeatFactory> heartbeats,
        PluginRegistry<ExchangeFactory> exchanges,
        CredentialRegistry credentials,
        EventHub events,
        FrameObservers frames,
        SharedCredits sharedCredits,
        Shared shared,
        TransitionObserver transitions) {

    /** Without exchange plugins. */
    public EngineServices(
            Environment environment,
            TransportHolder transport,
            EndpointGroups endpoints,
            PluginRegistry<HeartbeatFactory> heartbeats,
            CredentialRegistry credentials,
            EventHub events,
            TransitionObserver transitions) {
        this(
                environment,
                transport,
                endpoints,
                heartbeats,
                new PluginRegistry<>(environment),
                credentials,
                events,
                new FrameObservers(),
                new SharedCredits(),
                new Shared(),
                transitions);
    }

    /** With nothing registered yet. */
    public static EngineServices of(Environment environment, BanStore bans, TransitionObserver transitions) {
        return new EngineServices(
                environment,
                new TransportHolder(),
                new EndpointGroups(environment, bans),
                new PluginRegistry<>(environment),
                new PluginRegistry<>(environment),
                new CredentialRegistry(),
                new EventHub(environment),
                new FrameObservers(),
                new SharedCredits(),
                new Shared(),
                transitions);
    }
}
