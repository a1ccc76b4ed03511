// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import io.holdfast.api.transport.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One connection that is being prepared or set up.
 *
 * @param connection its number
 * @param credentials of what the client's credential source knows under its name, the values whose key begins with {@code
 *     exchange.}, none if the client names none; in set-up those that the connection's preparation gave, too
 * @param signing signs with keys that stay where they are
 * @param now the wall clock, for signatures
 * @param nonce letters and digits, never the same twice
 */
public record SessionContext(
        long connection, Map<String, Secret> credentials, Signing signing, Instant now, String nonce) {
    /** Asks whoever holds the key of the client's credentials. */
    @FunctionalInterface
    public interface Signing {
        /**
         * @throws IllegalArgumentException if nobody signs for these credentials with this algorithm
         * @see Signer#sign
         */
        byte[] sign(String algorithm, byte[] data);
    }

    public SessionContext {
        credentials = Map.copyOf(credentials);
        Objects.requireNonNull(signing);
        Objects.requireNonNull(now);
        Objects.requireNonNull(nonce);
    }

    /** Whether there is a credential of that name, with something in it. */
    public boolean has(String name) {
        return !credentials.getOrDefault(name, Secret.NONE).isEmpty();
    }

    /** @throws IllegalArgumentException if there is none, or an empty one; names it */
    public Secret credential(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException("the credentials have no '" + name + "'");
        }
        return credentials.get(name);
    }
}
