// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.HttpProxy;
import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.TlsKey;
import io.holdfast.api.transport.TlsTrust;
import io.holdfast.client.core.Input;
import io.holdfast.client.endpoint.BanInfo;
import io.holdfast.client.engine.PluginLane.Result;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Turns options, credentials and what the exchange plugin prepares into one attempt of the transport. Confined to the mailbox. */
final class Connector {
    private static final String HEADER = "header.";
    private static final String TRUST_STORE = "truststore";
    private static final String KEY_STORE = "keystore";
    private static final String PROXY = "proxy";

    private final String clientId;
    private final EngineServices services;
    private final Optional<Preparations> preparations;
    private final Supplier<PluginLane> makeLane;

    /** Made when credentials are first asked for: most clients have none. */
    private PluginLane plugins;

    Connector(
            String clientId,
            EngineServices services,
            Optional<Preparations> preparations,
            Supplier<PluginLane> makeLane) {
        this.clientId = clientId;
        this.services = services;
        this.preparations = preparations;
        this.makeLane = makeLane;
    }

    /** One attempt: what it needs besides the options, and where to. */
    private record Attempt(
            ClientOptions options,
            Connection connection,
            long deadline,
            UnaryOperator<URI> address,
            Consumer<Input> failed) {
        private void fail(ConnectFailure.Kind kind, String message) {
            failed.accept(new Input.ConnectFailed(connection.number, ConnectFailure.of(kind, message)));
        }

        private void bannedMeanwhile(BanInfo ban) {
            Cause cause = Cause.of(Cause.Kind.LIMITED, "banned since the attempt was permitted: " + ban.cause());
            failed.accept(new Input.Judged(connection.number, Input.Judgement.WAIT, cause, ban.remaining()));
        }
    }

    /**
     * Looks up the credentials, lets the exchange plugin prepare the attempt, and makes it, all within {@code connect.total}.
     *
     * @param address where to, of the configured or the prepared address; asked for in the last moment
     * @param failed told when the attempt cannot even begin
     */
    void connect(ClientOptions options, Connection connection, UnaryOperator<URI> address, Consumer<Input> failed) {
        long deadline =
                services.environment().nanoTime() + options.connectTotal().toNanos();
        Attempt attempt = new Attempt(options, connection, deadline, address, failed);
        if (options.credentials().isEmpty()) {
            prepare(attempt, Map.of());
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
                        prepare(attempt, v.value());
                    } else {
                        // The source's own text is not shown: it might hold what it was asked for.
                        attempt.fail(ConnectFailure.Kind.IO, "credentials '" + name + "' are not to be had");
                    }
                });
    }

    private void prepare(Attempt attempt, Map<String, Secret> credentials) {
        Connection connection = attempt.connection();
        if (connection.isAborted()) {
            // Given up while its credentials were looked up.
            return;
        }
        if (preparations.isEmpty() || !preparations.get().needed()) {
            begin(attempt, attempt.options().uri(), credentials, Map.of());
            return;
        }
        preparations
                .get()
                .prepare(
                        connection,
                        credentials,
                        attempt.deadline(),
                        to -> {
                            connection.prepared = to.values();
                            begin(attempt, to.uri(), credentials, to.headers());
                        },
                        attempt.failed());
    }

    private void begin(Attempt attempt, URI base, Map<String, Secret> credentials, Map<String, Secret> prepared) {
        ClientOptions options = attempt.options();
        Duration left =
                Duration.ofNanos(attempt.deadline() - services.environment().nanoTime());
        if (left.isZero() || left.isNegative()) {
            attempt.fail(ConnectFailure.Kind.TIMEOUT, "connect.total passed before the connection could be made");
            return;
        }
        if (left.compareTo(options.connectTotal()) < 0) {
            // Somebody else of the endpoint group may have been told to wait since the permit was given.
            Optional<BanInfo> ban = services.endpoints().banned(options.uri().getHost());
            if (ban.isPresent()) {
                attempt.bannedMeanwhile(ban.get());
                return;
            }
            services.endpoints().attemptBegins(options.uri().getHost(), clientId);
        }
        ConnectRequest request = new ConnectRequest(
                attempt.address().apply(base),
                headers(options, credentials, prepared),
                options.connectTimeout(),
                left,
                options.writeTimeout(),
                options.messageMaxBytes(),
                trust(options, credentials),
                options.engine(),
                options.compression(),
                options.proxy()
                        .map(p ->
                                new HttpProxy(p.getHost(), p.getPort(), credentials.getOrDefault(PROXY, Secret.NONE))));
        try {
            services.transport().connect(request, attempt.connection()).ifPresent(attempt.connection()::transport);
        } catch (Exception | LinkageError | StackOverflowError e) {
            // A transport that is being updated can fail in any way: that is a failed attempt and no fault of the
            // engine.
            attempt.fail(ConnectFailure.Kind.IO, Text.of(e));
        }
    }

    /** What is said last goes before what has the same name, in whatever case. */
    private static Map<String, List<String>> headers(
            ClientOptions options, Map<String, Secret> credentials, Map<String, Secret> prepared) {
        if (credentials.isEmpty()
                && prepared.isEmpty()
                && options.subProtocols().isEmpty()) {
            return options.headers();
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(options.headers());
        credentials.forEach((key, secret) -> {
            if (key.startsWith(HEADER)) {
                headers.put(key.substring(HEADER.length()), List.of(secret.text()));
            }
        });
        prepared.forEach((name, secret) -> headers.put(name, List.of(secret.text())));
        if (!options.subProtocols().isEmpty()) {
            headers.put("Sec-WebSocket-Protocol", List.of(String.join(", ", options.subProtocols())));
        }
        return headers;
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
