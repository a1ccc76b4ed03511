// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.util.Objects;

/**
 * A proxy that is asked for a tunnel with {@code CONNECT} (RFC 9110, 9.3.6), for {@code ws} as for {@code wss} (RFC 6455, 4.1). It is
 * spoken to in plain text and resolves the server's name itself.
 *
 * @param host its name or address
 * @param port from 1 to 65535
 * @param credentials {@code user:password} for Basic authentication, empty for none
 */
public record HttpProxy(String host, int port, Secret credentials) {
    public HttpProxy {
        Objects.requireNonNull(host);
        Objects.requireNonNull(credentials);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 1 to 65535");
        }
    }
}
