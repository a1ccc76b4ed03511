// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

/** Where a client is. */
public enum ClientState {
    /** Not started: waits for a supervisor, for listeners, for a heartbeat plugin, or for an order. */
    WAITING,
    /** Waits for its turn in the endpoint group's budget, then connects. */
    CONNECTING,
    /** Open; set-up steps are under way. */
    SETTING_UP,
    /** Open, all set-up steps acknowledged. */
    READY,
    /** Lost; the next attempt is due after a delay. */
    BACKOFF,
    /** The closing handshake is under way. */
    CLOSING,
    /** Ended by itself; a supervisor may start it again. */
    EXITED,
    /** Closed for good. */
    CLOSED
}
