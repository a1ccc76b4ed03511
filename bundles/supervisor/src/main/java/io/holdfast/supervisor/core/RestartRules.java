// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** The decisions that need nothing but their arguments. */
final class RestartRules {
    private RestartRules() {}

    /** Whether an exit leads to a restart, budget aside. */
    static boolean restarts(RestartType type, ExitReason reason) {
        return switch (type) {
            case PERMANENT -> true;
            case TRANSIENT -> !reason.isClean();
            case TEMPORARY -> false;
        };
    }

    /** Whether a child may be had at all. */
    static boolean isAllowed(ChildSpec child, SupervisorSpec supervisor) {
        return !child.significant()
                || supervisor.strategy() == Strategy.DYNAMIC
                || child.restart() != RestartType.PERMANENT && supervisor.autoShutdown() != AutoShutdown.NEVER;
    }

    /** Whether the supervisor ends because {@code ended} has, by itself and for good; so many significant children are left. */
    static boolean shutsDown(ChildSpec ended, int significantLeft, SupervisorSpec supervisor) {
        if (!ended.significant() || supervisor.strategy() == Strategy.DYNAMIC) {
            return false;
        }
        return switch (supervisor.autoShutdown()) {
            case NEVER -> false;
            case ANY_SIGNIFICANT -> true;
            case ALL_SIGNIFICANT -> significantLeft == 0;
        };
    }
}
