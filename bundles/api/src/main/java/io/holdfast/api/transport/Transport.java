// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Opens WebSocket connections. One shared client stands behind it, however many connections there are.
 *
 * <p>The duties of RFC 6455 are the transport's and always met, whatever plugins there are: a ping is answered by exactly
 * one pong with its payload, closing handshake, masking, strict UTF-8 (1007), the size limit after inflating (1009),
 * protocol errors (1002). Names are resolved anew for each attempt and every address is tried; TLS checks certificate and
 * host name; ALPN offers only {@code http/1.1}; redirects are reported, never followed.
 */
@ProviderType
public interface Transport {
    /**
     * Starts one attempt and returns at once. Exactly one of {@link TransportListener#onOpen} and
     * {@link TransportListener#onFailed} follows, unless the connection is aborted before.
     */
    TransportConnection connect(ConnectRequest request, TransportListener listener);
}
