// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import io.holdfast.api.exchange.Call;
import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of a message for which the limits leave no room at once. Limits are those of the exchange plugin and of the
 * options {@code send.limit.messages} and {@code send.limit.bytes}; without any, every message goes at once.
 *
 * @param patience how long the message may wait for the limits, behind others that wait: zero rejects it at once, more delays
 *     it so long, {@link Call#QUEUED} until its turn comes
 * @param method the method of the exchange that the message calls, whose costs it takes from the exchange's limits; empty:
 *     what the plugin says of methods that it does not name
 */
public record SendOptions(Duration patience, String method) {
    /** Waits in order for its turn, as long as the connection lasts. */
    public static final SendOptions QUEUE = new SendOptions(Call.QUEUED, "");

    /** Fails at once with {@link SendLimitException}. */
    public static final SendOptions REJECT = new SendOptions(Duration.ZERO, "");

    public SendOptions {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative");
        }
        Objects.requireNonNull(method);
    }

    /** Waits in order for its turn, then fails with {@link SendLimitException}. */
    public static SendOptions delay(Duration atMost) {
        return new SendOptions(atMost, "");
    }

    /** The same for a message that calls the method. */
    public SendOptions calling(String called) {
        return new SendOptions(patience, called);
    }
}
