// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** Whose restarts are counted together. */
public enum Budget {
    /** Each child has its own. */
    CHILD,
    /** OTP's rule: one list for all. */
    GROUP
}
