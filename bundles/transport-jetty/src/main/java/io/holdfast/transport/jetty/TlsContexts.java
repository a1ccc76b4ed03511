package io.holdfast.transport.jetty;

import io.holdfast.api.transport.TlsTrust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
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
  private record Key(TlsTrust trust, Optional<FileTime> modified) {}

  /** Guarded by itself; the least recently used falls out. */
  private final Map<Key, SSLContext> contexts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SSLContext> eldest) {
          return size() > MAX;
        }
      };

  SSLContext context(TlsTrust trust) throws IOException, GeneralSecurityException {
    Optional<FileTime> modified = Optional.empty();
    if (trust.store().isPresent()) {
      modified = Optional.of(Files.getLastModifiedTime(trust.store().get()));
    }
    Key key = new Key(trust, modified);
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
    parameters.setProtocols(Arrays.stream(context.getSupportedSSLParameters().getProtocols())
        .filter(protocol -> protocol.equals("TLSv1.3") || protocol.equals("TLSv1.2")).toArray(String[]::new));
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static SSLContext load(TlsTrust trust) throws IOException, GeneralSecurityException {
    KeyStore store = trust.store().isPresent() ? read(trust.store().get(), trust) : null;
    TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static KeyStore read(Path file, TlsTrust trust) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(trust.type());
    char[] password = trust.password().reveal();
    try (InputStream in = Files.newInputStream(file)) {
      // Without a password a store is read all the same, its integrity unchecked.
      store.load(in, trust.password().isEmpty() ? null : password);
    } finally {
      Arrays.fill(password, '\0');
    }
    if (store.size() == 0) {
      throw new GeneralSecurityException("the trust store has no readable entry; is its password missing?");
    }
    return store;
  }
}
