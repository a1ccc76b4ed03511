// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

/** More is waiting to be written than {@code send.buffer.max.bytes} allows. */
public final class OutboundFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OutboundFullException(String clientId, long waitingBytes) {
        super("Client '" + clientId + "' has " + waitingBytes + " bytes waiting to be written");
    }
}
