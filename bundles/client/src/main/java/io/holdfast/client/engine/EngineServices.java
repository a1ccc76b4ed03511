package io.holdfast.client.engine;

import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.endpoint.EndpointGroups;
import io.holdfast.client.lanes.Environment;

/** What all clients of a bundle or {@code Holdfast} instance share. */
public record EngineServices(
    Environment environment,
    TransportHolder transport,
    EndpointGroups endpoints,
    HeartbeatRegistry heartbeats,
    CredentialRegistry credentials,
    EventHub events,
    TransitionObserver transitions) {

  /** With nothing registered yet. */
  public static EngineServices of(Environment environment, BanStore bans, TransitionObserver transitions) {
    return new EngineServices(
        environment,
        new TransportHolder(),
        new EndpointGroups(environment, bans),
        new HeartbeatRegistry(environment),
        new CredentialRegistry(),
        new EventHub(environment),
        transitions);
  }
}
