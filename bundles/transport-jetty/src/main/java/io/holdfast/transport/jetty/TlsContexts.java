// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.TlsKey;
import io.holdfast.api.transport.TlsTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** One TLS context per distinct trust store, so that sessions can be resumed. Reads files: not for the selector. */
final class TlsContexts {
    /** Distinct trust stores kept; more than that are possible but are read again. */
    private static final int MAX = 16;

    /** A store that was replaced by a newer file is another one. */
    private record Key(TlsTrust trust, Optional<FileTime> modified, Optional<FileTime> keyModified) {}

    /** Guarded by itself; the least recently used falls out. */
    private final Map<Key, SSLContext> contexts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SSLContext> eldest) {
            return size() > MAX;
        }
    };

    SSLContext context(TlsTrust trust) throws IOException, GeneralSecurityException {
        Key key = new Key(trust, modified(trust.store()), modified(trust.key().map(TlsKey::store)));
        synchronized (contexts) {
            SSLContext known = contexts.get(key);
            if (known == null) {
                known = load(trust);
                contexts.put(key, known);
            }
            return known;
        }
    }

    /** An engine for one connection: checks certificate and host name, offers only HTTP/1.1. */
    static SSLEngine engine(SSLContext context, String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        parameters.setProtocols(
                Arrays.stream(context.getSupportedSSLParameters().getProtocols())
                        .filter(protocol -> protocol.equals("TLSv1.3") || protocol.equals("TLSv1.2"))
                        .toArray(String[]::new));
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static Optional<FileTime> modified(Optional<Path> file) throws IOException {
        return file.isPresent() ? Optional.of(Files.getLastModifiedTime(file.get())) : Optional.empty();
    }

    private static SSLContext load(TlsTrust trust) throws IOException, GeneralSecurityException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(
                trust.store().isPresent() ? Stores.trusted(trust.store().get(), trust.type(), trust.password()) : null);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                trust.key().isPresent() ? Stores.keys(trust.key().get()) : null, managers.getTrustManagers(), null);
        return context;
    }
}
