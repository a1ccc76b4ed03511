// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The trust store for {@code wss}, and the client's own key where a server wants one. There is no way to switch the checks off.
 *
 * @param store the trust store's file, empty for the JVM's default
 * @param type its type: {@code PKCS12}, {@code JKS}, or {@code PEM} for a file of certificates
 * @param password its password, empty where it has none
 * @param key the client's own key, empty for none
 */
public record TlsTrust(Optional<Path> store, String type, Secret password, Optional<TlsKey> key) {
    public static final TlsTrust DEFAULT = new TlsTrust(Optional.empty(), "PKCS12", Secret.NONE);

    public TlsTrust {
        Objects.requireNonNull(store);
        Objects.requireNonNull(type);
        Objects.requireNonNull(password);
        Objects.requireNonNull(key);
    }

    /** Without a key of the client's own. */
    public TlsTrust(Optional<Path> store, String type, Secret password) {
        this(store, type, password, Optional.empty());
    }
}
