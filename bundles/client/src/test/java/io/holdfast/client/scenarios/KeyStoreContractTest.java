// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.transport.Secret;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trust stores and key stores in their forms, with a server that asks for the client's certificate. */
class KeyStoreContractTest {
    @TempDir
    static Path directory;

    private static Certificates server;
    private static Certificates client;
    private static KeyStore clients;

    private final House house = new House();
    private final Seen seen = new Seen();

    @BeforeAll
    static void makeStores() throws Exception {
        server = Certificates.make(directory, "server", "ip:127.0.0.1");
        client = Certificates.make(directory, "client", "dns:client.test");
        char[] password = Certificates.PASSWORD.toCharArray();
        Certificate trusted = Certificates.load(server.keys()).getCertificate("server");
        PrivateKey key = (PrivateKey) Certificates.load(client.keys()).getKey("server", password);
        Certificate own = Certificates.load(client.keys()).getCertificate("server");

        KeyStore trust = KeyStore.getInstance("JKS");
        trust.load(null, null);
        trust.setCertificateEntry("server", trusted);
        store(trust, "trust.jks");
        KeyStore keys = KeyStore.getInstance("JKS");
        keys.load(null, null);
        keys.setKeyEntry("client", key, password, new Certificate[] {own});
        store(keys, "keys.jks");

        String certificate = pem("CERTIFICATE", own.getEncoded());
        Files.writeString(
                directory.resolve("trust.pem"),
                "# a comment\n" + pem("CERTIFICATE", trusted.getEncoded()) + certificate);
        Files.writeString(directory.resolve("keys.pem"), pem("PRIVATE KEY", key.getEncoded()) + certificate);
        // A pair of its own, made by openssl: the JDK reads encrypted keys, but writes none that others would.
        for (String file : List.of("encrypted-key.pem", "des-key.pem")) {
            try (InputStream in = KeyStoreContractTest.class.getResourceAsStream(file)) {
                Files.copy(in, directory.resolve(file));
            }
        }
        clients = KeyStore.getInstance("PKCS12");
        clients.load(null, null);
        clients.setCertificateEntry("client", own);
        try (InputStream in = Files.newInputStream(directory.resolve("encrypted-key.pem"))) {
            clients.setCertificateEntry(
                    "encrypted", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Files.writeString(directory.resolve("old.pem"), certificate + pem("EC PRIVATE KEY", key.getEncoded()));
        Files.writeString(directory.resolve("keyless.pem"), certificate);
    }

    private static void store(KeyStore store, String name) throws Exception {
        try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
            store.store(out, Certificates.PASSWORD.toCharArray());
        }
    }

    private static String pem(String label, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    @BeforeEach
    void knowThePasswords() {
        Secret password = Secret.of(Certificates.PASSWORD.toCharArray());
        house.services.credentials().add(name -> Map.of("truststore", password, "keystore", password));
    }

    @AfterEach
    void stop() {
        house.close();
    }

    private static Simulator asking() throws Exception {
        return Simulator.start(SimulatorOptions.builder()
                .rate(0)
                .tls(server.serverThatAsks(clients))
                .build());
    }

    private static ClientOptions.Builder trusting(Simulator simulator) {
        return quick(simulator.uri("/generic/echo"))
                .option("tls.truststore", server.trust().toString())
                .option("reconnect.attempts", "1")
                .credentials("stores");
    }

    @ParameterizedTest
    @CsvSource({
        "server-trust.p12, PKCS12, client.p12, PKCS12",
        "trust.jks, JKS, keys.jks, JKS",
        "trust.pem, PEM, keys.pem, PEM",
        "trust.pem, PEM, encrypted-key.pem, PEM",
    })
    @DisplayName("each form of store: trusted, and known to the server")
    void eachFormOfStoreOpens(String trust, String trustType, String keys, String keyType) throws Exception {
        try (Simulator simulator = asking()) {
            WebSocketClient opened = house.ready(
                    trusting(simulator)
                            .option("tls.truststore", directory.resolve(trust).toString())
                            .option("tls.truststore.type", trustType)
                            .option("tls.keystore", directory.resolve(keys).toString())
                            .option("tls.keystore.type", keyType),
                    seen);
            get(opened.send("hello"));
            until("the echo", () -> seen.texts().contains("hello"));
        }
    }

    @Test
    @DisplayName("without a key the server that asks for one is not opened")
    void withoutAKeyItIsNotOpened() throws Exception {
        try (Simulator simulator = asking()) {
            house.open(trusting(simulator), seen);
            seen.cause(Type.CONNECT_FAILED);
            seen.await(Type.CLOSED);
            assertThat(seen.has(Type.READY)).isFalse();
            assertThat(simulator.acceptLog())
                    .allSatisfy(a -> assertThat(a.status()).isZero());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-file.p12, PKCS12, cannot be used",
        "keyless.pem, PEM, must have a private key",
        "old.pem, PEM, is not PKCS #8",
        "des-key.pem, PEM, the key cannot be decrypted",
        "server-trust.p12, PKCS12, it has no private key",
    })
    @DisplayName("a key store that cannot be used is told with its file, and without its password")
    void unusableKeyStoresAreTold(String keys, String type, String reason) throws Exception {
        try (Simulator simulator = asking()) {
            house.open(
                    trusting(simulator)
                            .option("tls.keystore", directory.resolve(keys).toString())
                            .option("tls.keystore.type", type),
                    seen);
            Cause cause = seen.cause(Type.CONNECT_FAILED);
            assertThat(cause.kind()).isEqualTo(Cause.Kind.TLS);
            assertThat(cause.message())
                    .contains("key store")
                    .contains(keys)
                    .contains(reason)
                    .doesNotContain(Certificates.PASSWORD);
        }
    }
}
