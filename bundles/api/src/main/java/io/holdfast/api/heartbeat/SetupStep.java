// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that must be said on every connection before it is ready.
 *
 * @param phase order among the steps of all plugins: 100 greeting, 200 heartbeat, 300 log-in, 400 session options, 500
 *     private, 600 public subscriptions
 * @param name for humans
 * @param text the text message; empty: nothing is sent, and {@code expect} is what the server says by itself when a
 *     connection opens
 * @param expect the answer; without one the step is done when its text was written
 * @param limit time for the answer; then the step has failed and the connection is replaced
 */
public record SetupStep(int phase, String name, String text, Optional<Expectation> expect, Duration limit) {
    public static final int GREETING = 100;
    public static final int HEARTBEAT = 200;
    public static final int LOG_IN = 300;
    public static final int SESSION_OPTIONS = 400;
    public static final int PRIVATE_SUBSCRIPTIONS = 500;
    public static final int PUBLIC_SUBSCRIPTIONS = 600;

    public SetupStep {
        Objects.requireNonNull(name);
        Objects.requireNonNull(text);
        Objects.requireNonNull(expect);
        Objects.requireNonNull(limit);
        if (text.isEmpty() && expect.isEmpty()) {
            throw new IllegalArgumentException("a step without text must expect something");
        }
    }
}
