// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.time.Duration;

/**
 * What an endpoint group allows. Immutable.
 *
 * @param attempts connect attempts in every stretch of the window's length, 1 to {@value #MOST_ATTEMPTS}
 * @param window at most {@link #LONGEST_WINDOW}
 * @param burst how many clients that lost a stable connection may try again without delay, refilled evenly over the window;
 *     as many attempts of each window, at most half of them, are reserved for such clients
 * @param maxConnections attempts and connections at a time, 0 for any number
 */
public record AttemptPolicy(int attempts, Duration window, int burst, int maxConnections) {
    public static final int MOST_ATTEMPTS = 1000;
    public static final Duration LONGEST_WINDOW = Duration.ofDays(1);

    /** What holds for a host without a configured group. */
    public static final AttemptPolicy DEFAULT = new AttemptPolicy(30, Duration.ofSeconds(60), 5, 0);

    public AttemptPolicy {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts must be from 1 to " + MOST_ATTEMPTS);
        }
        if (window.isZero() || window.isNegative() || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException("window must be positive and at most one day");
        }
        if (burst < 0 || burst > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("burst must be from 0 to " + MOST_ATTEMPTS);
        }
        if (maxConnections < 0) {
            throw new IllegalArgumentException("connections.max must not be negative");
        }
    }

    /** Attempts of each window that only clients get that lost a stable connection. */
    int reserve() {
        return Math.min(burst, attempts / 2);
    }

    long windowNanos() {
        return window.toNanos();
    }
}
