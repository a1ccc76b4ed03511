// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

/**
 * Numbers {@code first} to {@code last}, both included.
 *
 * @param first lowest number
 * @param last highest number, not below {@code first}
 */
public record SequenceRange(long first, long last) {

    public SequenceRange {
        if (last < first) {
            throw new IllegalArgumentException("last " + last + " is below first " + first);
        }
    }

    /** How many numbers it holds. */
    public long count() {
        return last - first + 1;
    }
}
