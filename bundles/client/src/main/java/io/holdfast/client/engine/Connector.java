// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.HttpProxy;
import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.TlsKey;
import io.holdfast.api.transport.TlsTrust;
import io.holdfast.client.engine.PluginLane.Result;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Turns options and credentials into one attempt of the transport. Confined to the mailbox. */
final class Connector {
    private static final String HEADER = "header.";
    private static final String TRUST_STORE = "truststore";
    private static final String KEY_STORE = "keystore";
    private static final String PROXY = "proxy";

    private final EngineServices services;
    private final Supplier<PluginLane> makeLane;

    /** Made when credentials are first asked for: most clients have none. */
    private PluginLane plugins;

    Connector(EngineServices services, Supplier<PluginLane> makeLane) {
        this.services = services;
        this.makeLane = makeLane;
    }

    /**
     * @param uri where to
     * @param failed told when the attempt cannot even begin
     */
    void connect(ClientOptions options, URI uri, Connection connection, Consumer<ConnectFailure> failed) {
        if (options.credentials().isEmpty()) {
            attempt(options, uri, connection, Map.of(), failed);
            return;
        }
        String name = options.credentials().get();
        if (plugins == null) {
            plugins = makeLane.get();
        }
        plugins.call(
                "look-up of the credentials '" + name + "'",
                options.connectTimeout(),
                () -> services.credentials().lookUp(name),
                (Result<Map<String, Secret>> result) -> {
                    if (result instanceof Result.Value<Map<String, Secret>> v && v.value() != null) {
                        attempt(options, uri, connection, v.value(), failed);
                    } else {
                        // The source's own text is not shown: it might hold what it was asked for.
                        failed.accept(ConnectFailure.of(
                                ConnectFailure.Kind.IO, "credentials '" + name + "' are not to be had"));
                    }
                });
    }

    private void attempt(
            ClientOptions options,
            URI uri,
            Connection connection,
            Map<String, Secret> credentials,
            Consumer<ConnectFailure> failed) {
        if (connection.isAborted()) {
            // Given up while its credentials were looked up.
            return;
        }
        Map<String, List<String>> headers =
                credentials.isEmpty() && options.subProtocols().isEmpty()
                        ? options.headers()
                        : new HashMap<>(options.headers());
        credentials.forEach((key, secret) -> {
            if (key.startsWith(HEADER)) {
                char[] value = secret.reveal();
                headers.put(key.substring(HEADER.length()), List.of(new String(value)));
                Arrays.fill(value, '\0');
            }
        });
        if (!options.subProtocols().isEmpty()) {
            headers.put("Sec-WebSocket-Protocol", List.of(String.join(", ", options.subProtocols())));
        }
        ConnectRequest request = new ConnectRequest(
                uri,
                headers,
                options.connectTimeout(),
                options.connectTotal(),
                options.writeTimeout(),
                options.messageMaxBytes(),
                trust(options, credentials),
                options.engine(),
                options.compression(),
                options.proxy()
                        .map(p ->
                                new HttpProxy(p.getHost(), p.getPort(), credentials.getOrDefault(PROXY, Secret.NONE))));
        try {
            services.transport().connect(request, connection).ifPresent(connection::transport);
        } catch (Exception | LinkageError | StackOverflowError e) {
            // A transport that is being updated can fail in any way: that is a failed attempt and no fault of the
            // engine.
            failed.accept(ConnectFailure.of(ConnectFailure.Kind.IO, Text.of(e)));
        }
    }

    private static TlsTrust trust(ClientOptions options, Map<String, Secret> credentials) {
        return new TlsTrust(
                options.trustStore(),
                options.trustStoreType(),
                options.trustStore().isPresent() ? credentials.getOrDefault(TRUST_STORE, Secret.NONE) : Secret.NONE,
                options.keyStore()
                        .map(file -> new TlsKey(
                                file, options.keyStoreType(), credentials.getOrDefault(KEY_STORE, Secret.NONE))));
    }
}
