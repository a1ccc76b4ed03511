// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed server certificate, made by the JDK's keytool, and the trust store that goes with it. */
record Certificates(Path keys, Path trust) {
    static final String PASSWORD = "canary-store-password";
    private static final String ALIAS = "server";

    /** @param san the subject alternative name as keytool wants it, for instance {@code ip:127.0.0.1} */
    static Certificates make(Path directory, String name, String san) throws Exception {
        Path keys = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + san,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keys.toString()))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes());
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool: " + output);
        }
        Path trust = directory.resolve(name + "-trust.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(name, load(keys).getCertificate(ALIAS));
        try (OutputStream out = Files.newOutputStream(trust)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return new Certificates(keys, trust);
    }

    static KeyStore load(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** For a server that shows this certificate. */
    SSLContext server() throws IOException, GeneralSecurityException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(load(keys), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** For a server that shows this certificate and wants to see one of those. */
    SSLContext serverThatAsks(KeyStore clients) throws IOException, GeneralSecurityException {
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(load(keys), PASSWORD.toCharArray());
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(clients);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return new Asking(context);
    }

    /** Whose engines want a certificate: the simulator has no switch for it. */
    private static final class Asking extends SSLContext {
        private Asking(SSLContext context) {
            super(new Spi(context), context.getProvider(), context.getProtocol());
        }

        private static final class Spi extends SSLContextSpi {
            private final SSLContext context;

            private Spi(SSLContext context) {
                this.context = context;
            }

            private static SSLEngine asking(SSLEngine engine) {
                engine.setUseClientMode(false);
                engine.setNeedClientAuth(true);
                return engine;
            }

            @Override
            protected SSLEngine engineCreateSSLEngine() {
                return asking(context.createSSLEngine());
            }

            @Override
            protected SSLEngine engineCreateSSLEngine(String host, int port) {
                return asking(context.createSSLEngine(host, port));
            }

            @Override
            protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                    throws KeyManagementException {
                context.init(keys, trust, random);
            }

            @Override
            protected SSLSocketFactory engineGetSocketFactory() {
                return context.getSocketFactory();
            }

            @Override
            protected SSLServerSocketFactory engineGetServerSocketFactory() {
                return context.getServerSocketFactory();
            }

            @Override
            protected SSLSessionContext engineGetServerSessionContext() {
                return context.getServerSessionContext();
            }

            @Override
            protected SSLSessionContext engineGetClientSessionContext() {
                return context.getClientSessionContext();
            }
        }
    }
}
