// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.ReconnectPolicy;
import java.time.Duration;
import java.util.Set;

/**
 * What the machine is told by the options and by the heartbeat profile in force.
 *
 * @param connectLimit when an attempt is ended although the transport has not reported
 * @param closeTimeout limit for the closing handshake
 * @param fatalCloseCodes codes after which the client exits as refused
 * @param endlessUnlessOwned whether its attempts are unlimited while nobody stands ready to restart it
 */
public record ConnectionPolicy(
        ReconnectPolicy reconnect,
        Duration connectLimit,
        Duration closeTimeout,
        Set<Integer> fatalCloseCodes,
        boolean endlessUnlessOwned,
        RotationPolicy rotation) {
    public ConnectionPolicy {
        fatalCloseCodes = Set.copyOf(fatalCloseCodes);
    }
}
