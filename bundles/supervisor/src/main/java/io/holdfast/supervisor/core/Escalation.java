// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** Who pays when a budget is exceeded. */
public enum Escalation {
    /** The child whose restart was one too many: it is {@link ChildStatus#GIVEN_UP}, the others are untouched. */
    CHILD,
    /** The supervisor, as in OTP: it stops every child and exits; what follows is its parent's to decide. */
    GROUP
}
