// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import java.time.Duration;

/**
 * When and how a connection is replaced without a break.
 *
 * @param after the age at which it is; zero: never
 * @param jitter the part of {@code after} that is random and taken off, 0 to 1
 * @param drain how long the old connection may stay after it was replaced
 */
public record RotationPolicy(Duration after, double jitter, Duration drain) {
    public static final RotationPolicy NEVER = new RotationPolicy(Duration.ZERO, 0, Duration.ofSeconds(10));
}
