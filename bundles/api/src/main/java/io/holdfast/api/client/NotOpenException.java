// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

/** Nothing can be sent now. */
public final class NotOpenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ClientState state;
    private final boolean handedOver;

    public NotOpenException(String clientId, ClientState state) {
        this(clientId, state, false);
    }

    /** @param handedOver whether the message was given to the connection before that ended */
    public NotOpenException(String clientId, ClientState state, boolean handedOver) {
        this(
                state,
                handedOver,
                "Client '" + clientId + "' "
                        + (handedOver ? "lost the connection while it sent and is " : "is not open but ") + state);
    }

    private NotOpenException(ClientState state, boolean handedOver, String message) {
        super(message);
        this.state = state;
        this.handedOver = handedOver;
    }

    /** For a message that waited for the limits until its connection ended; it is sent on no other. */
    public static NotOpenException whileWaiting(String clientId, ClientState state) {
        return new NotOpenException(
                state,
                false,
                "Client '" + clientId + "' lost the connection on which a message waited for its limits, and is "
                        + state);
    }

    public ClientState state() {
        return state;
    }

    /** Whether the message may have left all the same; if not, it did not. */
    public boolean handedOver() {
        return handedOver;
    }
}
