// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.Objects;

/**
 * One restart decision, to be kept with the child so that a later supervisor can go on counting.
 *
 * @param atNanos     when it was decided, on the clock of {@link SupervisorCore#handle}
 * @param incarnation the one that ended, or whose start failed
 * @param cause       why
 * @param counted     whether it used up budget
 */
public record LedgerEntry(long atNanos, long incarnation, ExitReason cause, boolean counted) {
    public LedgerEntry {
        Objects.requireNonNull(cause, "cause");
    }
}
