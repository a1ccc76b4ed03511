// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** An exit that happened before the adoption, put in line in the order of the exits. */
record UnseenExit(String childId, long incarnation, ExitReason reason, long atNanos)
        implements SupervisorMessage.AboutChild {}
