package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;

/**
 * @param configured whether a configuration stands behind the client: then a first failure is an outage to sit out, and the
 *     first connect waits for a listener
 */
public record ClientSpec(String id, ClientOptions options, boolean configured) {

  int listenersRequired(ClientOptions now) {
    return now.listenersRequired().orElse(configured ? 1 : 0);
  }

  /** Whether an exit before the first connection ends the client. */
  boolean removedOnInitialFailure(ClientOptions now) {
    return now.initialFailure().map(f -> f.equals("remove")).orElse(!configured);
  }
}
