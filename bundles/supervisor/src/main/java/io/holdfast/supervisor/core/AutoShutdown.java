// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** Whether the supervisor ends when {@linkplain ChildSpec#significant() significant} children have ended by themselves for good. */
public enum AutoShutdown {
    /** It does not; significant children are then refused. */
    NEVER,
    /** With the first of them. */
    ANY_SIGNIFICANT,
    /** With the last of them. */
    ALL_SIGNIFICANT
}
