// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

import java.util.Objects;

/**
 * One restart.
 *
 * @param nanos {@code System.nanoTime()} of the decision
 * @param incarnation the one that ended
 * @param cause for humans
 * @param counted whether it counts against the intensity
 */
public record LedgerEntry(long nanos, long incarnation, String cause, boolean counted) {
    public LedgerEntry {
        Objects.requireNonNull(cause);
    }
}
