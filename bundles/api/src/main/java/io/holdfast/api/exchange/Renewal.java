// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.time.Duration;
import java.util.Objects;

/**
 * What must be said again on the same connection, before what a step brought has run out.
 *
 * @param after time from the answer on
 * @param step refused or unanswered, the whole log-in is done again
 */
public record Renewal(Duration after, SessionStep step) {
    public Renewal {
        if (after.isZero() || after.isNegative()) {
            throw new IllegalArgumentException("after must be positive");
        }
        Objects.requireNonNull(step);
    }
}
