// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The key with which the client proves who it is, where a server asks for a certificate.
 *
 * @param store the key store's file; for the type {@code PEM} the private key (PKCS #8) and its certificates, the client's own first
 * @param type its type: {@code PKCS12}, {@code JKS} or {@code PEM}
 * @param password of the store and of the key in it, empty where there is none
 */
public record TlsKey(Path store, String type, Secret password) {
    public TlsKey {
        Objects.requireNonNull(store);
        Objects.requireNonNull(type);
        Objects.requireNonNull(password);
    }
}
