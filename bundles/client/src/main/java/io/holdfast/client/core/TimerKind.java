// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

/** The machine's timers; of each kind at most one is armed. */
public enum TimerKind {
    /** The next attempt is due. */
    BACKOFF,
    /** The transport has not ended an attempt within its own limit. */
    CONNECT,
    /** The closing handshake takes too long. */
    HANDSHAKE,
    /** What the rotation waits for: its next try, its attempt, the end of the old connection. */
    ROTATION,
    /** The connection has come to the age at which it is replaced. */
    AGE
}
