// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;

/**
 * When the next attempt is made. Immutable.
 *
 * @param floor least time between two attempts
 * @param initial back-off after the first failed attempt
 * @param multiplier its growth
 * @param maximum its upper bound
 * @param jitter the part that is random, 0 to 1
 * @param attempts failed attempts in a row after which the client exits, 0 for never
 * @param stableAfter a connection that held this long empties the count
 * @param retryAfterMax upper bound for what a server tells
 */
public record ReconnectPolicy(
        Duration floor,
        Duration initial,
        double multiplier,
        Duration maximum,
        double jitter,
        int attempts,
        Duration stableAfter,
        Duration retryAfterMax) {}
