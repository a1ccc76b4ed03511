// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** Which exits of a child lead to a restart. */
public enum RestartType {
    /** Every exit. */
    PERMANENT,
    /** Every exit that is not {@linkplain ExitReason#isClean() clean}. */
    TRANSIENT,
    /** None; the specification is dropped with the exit. */
    TEMPORARY
}
