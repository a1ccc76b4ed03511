// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import io.holdfast.api.options.Durations;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.OptionValues;
import java.time.Duration;

/** Durations within what makes sense for a heartbeat and cannot overflow in nanoseconds. */
final class Bounds {
    private static final Duration LONGEST = Duration.ofDays(1);

    private Bounds() {}

    /** Above zero. */
    static Duration positive(OptionValues values, String name) {
        values.positive(name);
        return orZero(values, name);
    }

    /** Zero means: none. */
    static Duration orZero(OptionValues values, String name) {
        Duration d = values.duration(name);
        if (d.compareTo(LONGEST) > 0) {
            throw new InvalidOptionException(name, "must not be above " + Durations.format(LONGEST));
        }
        return d;
    }
}
