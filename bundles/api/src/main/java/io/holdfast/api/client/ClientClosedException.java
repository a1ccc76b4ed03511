// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

/** A client ended before what was asked for happened. */
public final class ClientClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Cause reason;

    public ClientClosedException(String clientId, Cause reason, int attempts) {
        super("Client '" + clientId + "' ended: " + reason + (attempts > 0 ? " after " + attempts + " attempts" : ""));
        this.reason = reason;
    }

    /** Why, as plain data. */
    public Cause reason() {
        return reason;
    }
}
