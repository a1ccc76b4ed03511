// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.transport.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a protocol may know of a connection: credentials, signatures, the time. Asked in lanes of plugins. */
final class SessionContexts {
    private static final String CREDENTIALS = "exchange.";

    private final EngineServices services;
    private final Supplier<ClientOptions> options;
    private final Ids ids;

    SessionContexts(EngineServices services, Supplier<ClientOptions> options, Ids ids) {
        this.services = services;
        this.options = options;
        this.ids = ids;
    }

    /** Never the same twice. On the mailbox. */
    String nonce() {
        return "n" + Long.toString(services.environment().random().nextLong() >>> 1, 36) + ids.next();
    }

    /** Runs foreign code: only in a lane of plugins. */
    Map<String, Secret> credentials(Optional<String> name) {
        if (name.isEmpty()) {
            return Map.of();
        }
        try {
            return services.credentials().lookUp(name.get());
        } catch (RuntimeException e) {
            // The source's own text is not shown: it might hold what it was asked for.
            throw new IllegalArgumentException("credentials '" + name.get() + "' are not to be had");
        }
    }

    /**
     * @param all what the credential source gave; only what is meant for the exchange is handed on
     * @param prepared what the connection's preparation gave; goes before credentials of the same name
     */
    SessionContext of(long connection, Map<String, Secret> all, Map<String, Secret> prepared, String nonce) {
        Optional<String> name = options.get().credentials();
        Map<String, Secret> ours = new HashMap<>();
        all.forEach((key, value) -> {
            if (key.startsWith(CREDENTIALS)) {
                ours.put(key, value);
            }
        });
        ours.putAll(prepared);
        return new SessionContext(
                connection,
                ours,
                (a, d) -> sign(name, a, d),
                services.environment().wallTime(),
                nonce);
    }

    private byte[] sign(Optional<String> name, String algorithm, byte[] data) {
        return services.credentials()
                .sign(
                        name.orElseThrow(() -> new IllegalArgumentException("the client names no credentials")),
                        algorithm,
                        data);
    }
}
