// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.util.Objects;

/**
 * How an open connection ended, as plain data.
 *
 * @param code the close code: the peer's, ours, or 1005/1006 where there was none (RFC 6455, 7.1.5)
 * @param reason the close reason or a description; from the peer, hence escaped and cut before it is shown
 */
public record CloseInfo(Kind kind, int code, String reason) {

    public enum Kind {
        /** The peer began or answered the closing handshake. */
        HANDSHAKE,
        /** TCP ended without a close frame: FIN or RST, which cannot always be told apart. */
        LOST,
        /** A frame could not be written within its limit. */
        WRITE_TIMEOUT,
        /** We failed the connection: 1002, 1007, 1009, or 1011 after the listener threw. */
        PROTOCOL
    }

    public CloseInfo {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(reason);
    }
}
