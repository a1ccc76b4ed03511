// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

/** What ends when a budget is exceeded. */
public enum EscalateTo {
    /** The child whose restart was one too many: it is given up. */
    CHILD,
    /** The group, and nobody is asked to start it again. */
    GROUP,
    /** The group; its parent group decides what follows, as in OTP. */
    PARENT,
    /** The group, and then the whole OSGi framework, in an orderly way. */
    FRAMEWORK
}
