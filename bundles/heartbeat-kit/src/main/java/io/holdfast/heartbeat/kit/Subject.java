// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.api.heartbeat.HeartbeatFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * A plugin under test, with what it promises.
 *
 * @param factory the plugin; its class has a public constructor without parameters, as {@code ServiceLoader} wants it
 * @param options its {@code heartbeat.…} options, at the speed of the peer
 * @param peer the exchange
 * @param deadline after which the exchange cuts a client that proves nothing
 * @param bound within which the plugin finds a half-open connection
 * @param leastGap heartbeats are not sent closer together than this on average; the stated rate
 */
public record Subject(
        HeartbeatFactory factory,
        Map<String, String> options,
        Peer peer,
        Duration deadline,
        Duration bound,
        Duration leastGap) {
    public Subject {
        Objects.requireNonNull(factory);
        options = Map.copyOf(options);
        Objects.requireNonNull(peer);
        Objects.requireNonNull(deadline);
        Objects.requireNonNull(bound);
        Objects.requireNonNull(leastGap);
    }
}
