// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One attempt to connect.
 *
 * @param uri {@code ws} or {@code wss}, path and query kept as they are
 * @param headers further headers of the upgrade request; values may be secrets and are never printed
 * @param connectTimeout limit for each address of the name, TCP and TLS
 * @param connectTotal limit for the whole attempt, upgrade included
 * @param writeTimeout limit for writing one frame, from the start of its write; then the connection is aborted
 * @param maxMessageBytes largest message accepted, after inflating
 * @param tls what the server's certificate is checked against
 * @param engine which frame reader is to serve the connection
 * @param compression whether to let the server compress its messages (RFC 7692), if the engine can
 * @param proxy the way to the server, empty for the direct one
 */
public record ConnectRequest(
        URI uri,
        Map<String, List<String>> headers,
        Duration connectTimeout,
        Duration connectTotal,
        Duration writeTimeout,
        int maxMessageBytes,
        TlsTrust tls,
        FrameEngine engine,
        boolean compression,
        Optional<HttpProxy> proxy) {

    public ConnectRequest {
        Objects.requireNonNull(uri);
        headers = Map.copyOf(headers);
        Objects.requireNonNull(connectTimeout);
        Objects.requireNonNull(connectTotal);
        Objects.requireNonNull(writeTimeout);
        Objects.requireNonNull(tls);
        Objects.requireNonNull(engine);
        Objects.requireNonNull(proxy);
    }

    /** With the core engine and without compression. */
    public ConnectRequest(
            URI uri,
            Map<String, List<String>> headers,
            Duration connectTimeout,
            Duration connectTotal,
            Duration writeTimeout,
            int maxMessageBytes,
            TlsTrust tls) {
        this(
                uri,
                headers,
                connectTimeout,
                connectTotal,
                writeTimeout,
                maxMessageBytes,
                tls,
                FrameEngine.CORE,
                false,
                Optional.empty());
    }

    /** The same with another engine. */
    public ConnectRequest with(FrameEngine other, boolean compress) {
        return new ConnectRequest(
                uri, headers, connectTimeout, connectTotal, writeTimeout, maxMessageBytes, tls, other, compress, proxy);
    }

    /** The same through a proxy. */
    public ConnectRequest with(HttpProxy through) {
        return new ConnectRequest(
                uri,
                headers,
                connectTimeout,
                connectTotal,
                writeTimeout,
                maxMessageBytes,
                tls,
                engine,
                compression,
                Optional.of(through));
    }

    /** Host and port only: the path, the query and the headers may hold tokens. */
    @Override
    public String toString() {
        return "ConnectRequest[" + uri.getScheme() + "://" + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + ", headers=" + headers.keySet() + "]";
    }
}
