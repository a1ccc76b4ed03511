// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import io.holdfast.api.client.ReconnectPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt, and whether a policy and a restart budget go together. Stateless. */
public final class Backoff {
    private Backoff() {}

    /**
     * The wait after a failed attempt: exponential, bounded, with the policy's share of it random, and never below the floor.
     *
     * @param failedAttempts failed attempts in a row, at least 1
     */
    public static Duration delay(ReconnectPolicy policy, int failedAttempts, RandomGenerator random) {
        if (failedAttempts < 1) {
            throw new IllegalArgumentException("a back-off needs a failed attempt, not " + failedAttempts);
        }
        // In floating point, where growth without end is infinity and not a negative number.
        double grown = nanos(policy.initial()) * Math.pow(policy.multiplier(), failedAttempts - 1.0);
        double bounded = Math.min(grown, nanos(policy.maximum()));
        double jittered = bounded * (1 - policy.jitter() * random.nextDouble());
        return max(policy.floor(), Duration.ofNanos((long) jittered));
    }

    /**
     * The wait before the first attempt after the loss of a stable connection when no burst token is left: anything up to the
     * initial back-off, so that clients that lost their connections in the same moment come back one by one.
     */
    public static Duration first(ReconnectPolicy policy, RandomGenerator random) {
        return Duration.ofNanos((long) (nanos(policy.initial()) * random.nextDouble()));
    }

    private static double nanos(Duration d) {
        return seconds(d) * 1e9;
    }

    private static double seconds(Duration d) {
        return d.getSeconds() + d.getNano() / 1e9;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
