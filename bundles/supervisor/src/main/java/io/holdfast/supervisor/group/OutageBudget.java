// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.options.Durations;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.supervisor.core.Intensity;
import java.time.Duration;
import java.util.Optional;

/** Whether an outage alone, without any fault of the child, could use up its restarts. */
final class OutageBudget {
    private OutageBudget() {}

    /**
     * An outage makes a child exit each {@link ChildSpec#quickestFailure()} at the soonest. It is outlasted for ever if so many
     * exits do not fit into the period: {@code quickestFailure x intensity > period}.
     */
    static Optional<String> warning(ChildSpec child, Intensity intensity) {
        Duration each = child.quickestFailure();
        Duration survived = each.multipliedBy(intensity.restarts());
        if (each.isZero() || survived.compareTo(intensity.period()) > 0) {
            return Optional.empty();
        }
        return Optional.of("gives up after "
                + Durations.format(each)
                + " at the soonest, and "
                + intensity.restarts()
                + " restarts are allowed in "
                + Durations.format(intensity.period())
                + ": after an outage of "
                + Durations.format(survived.plus(each))
                + " it would be given up");
    }
}
