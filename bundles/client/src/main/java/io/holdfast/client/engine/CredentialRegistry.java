// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.exchange.Signer;
import io.holdfast.api.transport.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The credential sources and signers there are; the first that knows a name gives its values or signs. */
public final class CredentialRegistry {
    private final List<CredentialSource> sources = new CopyOnWriteArrayList<>();

    private final List<Signer> signers = new CopyOnWriteArrayList<>();

    public void add(CredentialSource source) {
        sources.add(source);
    }

    public void remove(CredentialSource source) {
        sources.remove(source);
    }

    public void add(Signer signer) {
        signers.add(signer);
    }

    public void remove(Signer signer) {
        signers.remove(signer);
    }

    /** Runs foreign code: only in a plugin lane. */
    byte[] sign(String name, String algorithm, byte[] data) {
        for (Signer signer : signers) {
            Optional<byte[]> signature = signer.sign(name, algorithm, data);
            if (signature.isPresent()) {
                return signature.get();
            }
        }
        throw new IllegalArgumentException("nobody signs for the credentials '" + name + "' with " + algorithm);
    }

    /** Runs foreign code: only in a plugin lane. */
    Map<String, Secret> lookUp(String name) {
        for (CredentialSource source : sources) {
            try {
                return source.credentials(name);
            } catch (IllegalArgumentException e) {
                // This one does not know the name; the next may.
                continue;
            }
        }
        throw new IllegalArgumentException("no credential source knows '" + name + "'");
    }
}
