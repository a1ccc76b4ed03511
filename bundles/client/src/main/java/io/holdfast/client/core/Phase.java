// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.ClientState;

/** Where the machine is; finer than what users see. */
public enum Phase {
    /** No incarnation runs: not started yet, or stopped by order. */
    IDLE(ClientState.WAITING),
    /** Started, but the first connect waits for listeners or a plugin. */
    GATED(ClientState.WAITING),
    /** Waits for its turn in the endpoint group. */
    PERMIT(ClientState.CONNECTING),
    CONNECTING(ClientState.CONNECTING),
    SETTING_UP(ClientState.SETTING_UP),
    READY(ClientState.READY),
    BACKOFF(ClientState.BACKOFF),
    /** Closing handshake; a new connection follows. */
    RECONNECTING(ClientState.CLOSING),
    /** Closing handshake; the incarnation stops and may be started again. */
    STOPPING(ClientState.CLOSING),
    /** Closing handshake; the client ends. */
    CLOSING(ClientState.CLOSING),
    EXITED(ClientState.EXITED),
    CLOSED(ClientState.CLOSED);

    private final ClientState state;

    Phase(ClientState state) {
        this.state = state;
    }

    public ClientState state() {
        return state;
    }

    boolean open() {
        return this == SETTING_UP || this == READY;
    }

    boolean handshaking() {
        return this == RECONNECTING || this == STOPPING || this == CLOSING;
    }
}
