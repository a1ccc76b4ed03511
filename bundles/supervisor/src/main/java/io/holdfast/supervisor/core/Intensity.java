// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.time.Duration;
import java.util.Objects;

/**
 * How many restarts are allowed in how much time.
 *
 * @param restarts     allowed restarts inside the window, at least 0; number {@code restarts + 1} exceeds it
 * @param period       length of the sliding window, above 0; a restart exactly this long ago still counts
 * @param budget       who is counted together
 * @param escalation   who pays when it is exceeded
 * @param wholeSeconds false: distances are exact; true: times are cut to whole seconds first, as OTP does
 */
public record Intensity(int restarts, Duration period, Budget budget, Escalation escalation, boolean wholeSeconds) {

    /** 10 restarts in 60 s for each child, exact. */
    public static final Intensity DEFAULT = new Intensity(10, Duration.ofSeconds(60), Budget.CHILD, false);

    /** Whoever is counted together pays together. */
    public Intensity(int restarts, Duration period, Budget budget, boolean wholeSeconds) {
        this(restarts, period, budget, budget == Budget.CHILD ? Escalation.CHILD : Escalation.GROUP, wholeSeconds);
    }

    public Intensity {
        Objects.requireNonNull(escalation, "escalation");
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(budget, "budget");
        if (restarts < 0) {
            throw new IllegalArgumentException("intensity must be at least 0: " + restarts);
        }
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("period must be above 0: " + period);
        }
    }
}
