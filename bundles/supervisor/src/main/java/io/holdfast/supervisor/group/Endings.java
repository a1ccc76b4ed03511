// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.ExitReason;
import io.holdfast.supervisor.core.SupervisorExit;

/** What the end of a group means to others. Pure. */
final class Endings {
    private Endings() {}

    /** For humans. */
    static String cause(SupervisorExit exit) {
        if (exit instanceof SupervisorExit.Exceeded e) {
            return "too many restarts, the last of child '" + e.childId() + "': " + Views.text(e.cause());
        }
        return Views.text(exit.reason());
    }

    /**
     * What its parent is told: as in OTP a clean end, which a transient child is not restarted after. To a group that pays for itself
     * nobody is to give another budget.
     */
    static ExitReason reason(SupervisorExit exit, EscalateTo escalation) {
        boolean contained = exit instanceof SupervisorExit.Exceeded && escalation == EscalateTo.GROUP;
        return new ExitReason(contained ? ExitReason.Kind.REFUSED : ExitReason.Kind.SHUTDOWN, cause(exit));
    }
}
