// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A heartbeat the client sends by itself.
 *
 * @param kind ping frame or text message
 * @param payload the text, or for a ping frame the beginning of its payload; the engine makes a ping's payload unique
 * @param interval time between beats, or the quiet time of {@code basis}
 * @param basis when a beat is due
 * @param answer how the answer to a text is recognised; a ping is answered by the pong with its payload. Without an
 *     answer a text beat is never missed
 * @param timeout time for the answer, shorter than or equal to the interval
 * @param misses answers that may be missing in a row before the connection is dead; 0 and 1 both mean the first
 */
public record ClientBeat(
        Kind kind,
        String payload,
        Duration interval,
        Basis basis,
        Optional<Expectation> answer,
        Duration timeout,
        int misses) {

    public enum Kind {
        PING_FRAME,
        TEXT
    }

    public enum Basis {
        /** Each interval. */
        EVERY,
        /** Only when nothing came for an interval. */
        QUIET_INBOUND,
        /** Only when nothing was sent for an interval. */
        QUIET_OUTBOUND
    }

    public ClientBeat {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(payload);
        Objects.requireNonNull(basis);
        Objects.requireNonNull(answer);
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("interval must be positive");
        }
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(interval) > 0) {
            throw new IllegalArgumentException("timeout must be positive and not above the interval");
        }
        if (misses < 0) {
            throw new IllegalArgumentException("misses must not be negative");
        }
    }
}
