// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.time.Duration;
import java.util.Objects;

/**
 * A request with an answer.
 *
 * @param method as the exchange names it
 * @param params JSON text, put into the message as it is; empty for none. May hold secrets and is never printed
 * @param limit time for the answer, from the moment the request was handed to the operating system
 * @param patience how long the request may wait for the exchange's limits before it is sent, behind others that wait: zero
 *     rejects it at once, more delays it so long, {@link #QUEUED} until its turn comes
 */
public record Call(String method, String params, Duration limit, Duration patience) {
    /** Waits for its turn, however long that takes. */
    public static final Duration QUEUED = Duration.ofDays(365);

    /** What the exchanges suggest. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    public Call {
        if (method.isEmpty()) {
            throw new IllegalArgumentException("a call needs a method");
        }
        Objects.requireNonNull(params);
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException("limit must be positive");
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative");
        }
    }

    /** Queued, with the usual limit. */
    public static Call of(String method, String params) {
        return new Call(method, params, LIMIT, QUEUED);
    }

    public Call within(Duration newLimit) {
        return new Call(method, params, newLimit, patience);
    }

    public Call waiting(Duration newPatience) {
        return new Call(method, params, limit, newPatience);
    }

    /** The method only. */
    @Override
    public String toString() {
        return "Call[" + method + "]";
    }
}
