// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import io.holdfast.api.heartbeat.SetupStep;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a channel before it is asked for.
 *
 * @param name as the exchange writes it
 * @param phase {@link SetupStep#PRIVATE_SUBSCRIPTIONS} or {@link SetupStep#PUBLIC_SUBSCRIPTIONS}
 * @param needsLogIn whether it is asked for only after a log-in; without one it is refused here, so that it does not spoil
 *     the call it would be part of
 * @param sequence how its messages are numbered, if they are
 * @param silence without a message for this long it is subscribed anew; zero for a channel that may be quiet
 */
public record ChannelSpec(
        String name, int phase, boolean needsLogIn, Optional<SequenceRule> sequence, Duration silence) {
    public ChannelSpec {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a channel needs a name");
        }
        if (phase != SetupStep.PRIVATE_SUBSCRIPTIONS && phase != SetupStep.PUBLIC_SUBSCRIPTIONS) {
            throw new IllegalArgumentException("phase must be that of private or public subscriptions");
        }
        Objects.requireNonNull(sequence);
        Objects.requireNonNull(silence);
    }
}
