// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.Objects;

/**
 * A bucket of credits that fills by itself. Full when a connection opens, as far as other clients of the same endpoint are
 * not known to have used it.
 *
 * @param name for {@link Cost} and for humans
 * @param capacity credits in a full bucket
 * @param perSecond credits that come back in a second
 */
public record Limit(String name, long capacity, double perSecond) {
    public Limit {
        Objects.requireNonNull(name);
        if (capacity < 1 || !(perSecond > 0)) {
            throw new IllegalArgumentException("capacity and perSecond must be positive");
        }
    }
}
