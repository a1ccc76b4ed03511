// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.TlsKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.util.Arrays;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** Trust stores and key stores from files. Reads files: not for the selector. */
final class Stores {
    private static final String PEM = "PEM";

    private Stores() {}

    static KeyStore trusted(Path file, String type, Secret password) throws IOException, GeneralSecurityException {
        KeyStore store = type.equals(PEM) ? Pem.trusted(file) : read(file, type, password);
        if (store.size() == 0) {
            throw new GeneralSecurityException("the trust store has no readable entry; is its password missing?");
        }
        return store;
    }

    /** Failures say which file it is: the message of the JDK does not. */
    static KeyManager[] keys(TlsKey key) throws IOException, GeneralSecurityException {
        char[] password = key.password().reveal();
        try {
            KeyStore store = key.type().equals(PEM)
                    ? Pem.key(key.store(), password)
                    : read(key.store(), key.type(), key.password());
            if (!holdsKey(store)) {
                throw new GeneralSecurityException("it has no private key");
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, password);
            return managers.getKeyManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new GeneralSecurityException("key store " + key.store() + ": " + Text.of(e));
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static boolean holdsKey(KeyStore store) throws KeyStoreException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return true;
            }
        }
        return false;
    }

    private static KeyStore read(Path file, String type, Secret secret) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(type);
        char[] password = secret.reveal();
        try (InputStream in = Files.newInputStream(file)) {
            // Without a password a store is read all the same, its integrity unchecked.
            store.load(in, secret.isEmpty() ? null : password);
        } finally {
            Arrays.fill(password, '\0');
        }
        return store;
    }
}
