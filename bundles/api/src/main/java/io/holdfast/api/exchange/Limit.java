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
 * @param perConnection whether the server counts for each connection by itself, pings and pongs included: then every connection
 *     has a bucket of its own, also where an endpoint group shares limits
 */
public record Limit(String name, long capacity, double perSecond, boolean perConnection) {
    /** Of an account or address. */
    public Limit(String name, long capacity, double perSecond) {
        this(name, capacity, perSecond, false);
    }

    public Limit {
        Objects.requireNonNull(name);
        if (capacity < 1 || !(perSecond > 0)) {
            throw new IllegalArgumentException("capacity and perSecond must be positive");
        }
    }
}
