// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.TlsTrust;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates for exchange.test: one that is trusted itself, and an expired one whose issuer is trusted. */
final class TestCertificates {
    private static final String PASSWORD = "canary-password";

    private final Path directory;

    TestCertificates(Path directory) throws Exception {
        this.directory = directory;
        keytool(
                "-genkeypair",
                "-keystore",
                "server.p12",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=exchange.test",
                "-ext",
                "san=dns:exchange.test");
        trustStore("server.p12", "server", "server-trust.p12");
        // Dates of a certificate that is trusted itself are not looked at, so this one has an issuer.
        keytool(
                "-genkeypair",
                "-keystore",
                "expired.p12",
                "-alias",
                "ca",
                "-keyalg",
                "EC",
                "-dname",
                "CN=ca",
                "-ext",
                "bc:c");
        keytool(
                "-genkeypair",
                "-keystore",
                "expired.p12",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=exchange.test",
                "-ext",
                "san=dns:exchange.test",
                "-startdate",
                "-10d",
                "-validity",
                "5",
                "-signer",
                "ca");
        trustStore("expired.p12", "ca", "expired-trust.p12");
        KeyStore keys = load("expired.p12");
        keys.deleteEntry("ca");
        store(keys, "expired.p12");
    }

    private void trustStore(String from, String alias, String file) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(alias, load(from).getCertificate(alias));
        store(trusted, file);
    }

    KeyStore load(String file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(file))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void store(KeyStore store, String file) throws Exception {
        try (OutputStream out = Files.newOutputStream(directory.resolve(file))) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    TlsTrust trust(String store) {
        return new TlsTrust(Optional.of(directory.resolve(store)), "PKCS12", Secret.of(PASSWORD.toCharArray()));
    }

    SSLContext serverContext(String store) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(load(store), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
