// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.micrometer;

import java.util.function.DoubleSupplier;

/**
 * A counter as registries take it: it never falls and is always a number. Ours begin anew with another client of the same id;
 * there it goes on from where it was, if its figure is seen to be lower. As long as its meter: a registry takes a new meter's
 * first figure for counted since, so what the former meter showed would count twice. Thread-safe.
 */
final class Growing {
    private final Object lock = new Object();

    /** Guarded by {@link #lock}: what former clients of the id had counted. */
    private double former;

    /** Guarded by {@link #lock}. */
    private double last;

    /** @param reading not a number while there is no client; asked in turn, as a late answer would look like another client's */
    double count(DoubleSupplier reading) {
        synchronized (lock) {
            double now = reading.getAsDouble();
            if (now < last) {
                former += last;
            }
            if (!Double.isNaN(now)) {
                last = now;
            }
            return former + last;
        }
    }
}
