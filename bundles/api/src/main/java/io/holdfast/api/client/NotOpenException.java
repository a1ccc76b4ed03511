// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

/** Nothing can be sent now. */
public final class NotOpenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ClientState state;

    public NotOpenException(String clientId, ClientState state) {
        super("Client '" + clientId + "' is not open but " + state);
        this.state = state;
    }

    public ClientState state() {
        return state;
    }
}
