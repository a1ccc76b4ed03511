// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.transport.Secret;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code wss} with a trust store of its own, and refusals with their true cause. */
class TlsContractTest {
    @TempDir
    static Path directory;

    private static Certificates here;
    private static Certificates elsewhere;

    private final House house = new House();
    private final Seen seen = new Seen();

    @BeforeAll
    static void makeCertificates() throws Exception {
        here = Certificates.make(directory, "here", "ip:127.0.0.1");
        elsewhere = Certificates.make(directory, "elsewhere", "dns:elsewhere.test");
    }

    @BeforeEach
    void knowThePassword() {
        house.services.credentials().add(name -> Map.of("truststore", Secret.of(Certificates.PASSWORD.toCharArray())));
    }

    @AfterEach
    void stop() {
        house.close();
    }

    private static Simulator serving(Certificates certificates) throws Exception {
        return Simulator.start(
                SimulatorOptions.builder().rate(0).tls(certificates.server()).build());
    }

    private static ClientOptions.Builder trusting(URI uri, Path trust) {
        return quick(uri)
                .option("reconnect.attempts", "1")
                .option("tls.truststore", trust.toString())
                .credentials("store");
    }

    private Cause refusal(ClientOptions.Builder options) throws Exception {
        WebSocketClient client = house.open(options, seen);
        try {
            get(client.opened());
            throw new AssertionError("opened");
        } catch (ExecutionException e) {
            Cause cause = ((ClientClosedException) e.getCause()).reason();
            assertThat(cause.message()).doesNotContain(Certificates.PASSWORD);
            return cause;
        }
    }

    @Test
    @DisplayName("a certificate that is trusted: open, echo, reconnect; only http/1.1 is offered by ALPN")
    void aTrustedCertificateOpens() throws Exception {
        try (Simulator simulator = serving(here)) {
            WebSocketClient client = house.ready(
                    trusting(simulator.uri("/generic/echo"), here.trust()).option("reconnect.attempts", "10"), seen);
            get(client.send("x".repeat(100_000)));
            until("the echo", () -> seen.count() == 1);
            assertThat(simulator.session(1).orElseThrow().request().alpn()).containsExactly("http/1.1");
            simulator.faults().reset();
            seen.await(Type.READY, 2);
            get(client.close());
            assertThat(simulator.awaitEnd(2, LIMIT).closeCode()).isEqualTo(1000);
        }
    }

    @Test
    @DisplayName("a certificate that nobody trusts is refused as such, by the JVM's store and by one of its own")
    void anUntrustedCertificateIsRefused() throws Exception {
        try (Simulator simulator = serving(here)) {
            Cause cause = refusal(trusting(simulator.uri("/generic/x"), elsewhere.trust()));
            assertThat(cause.kind()).isEqualTo(Cause.Kind.TLS);
            assertThat(cause.message()).containsIgnoringCase("certification path");

            Cause byDefault = refusal(quick(simulator.uri("/generic/x")).option("reconnect.attempts", "1"));
            assertThat(byDefault.kind()).isEqualTo(Cause.Kind.TLS);
            assertThat(byDefault.message()).containsIgnoringCase("certification path");
            assertThat(simulator.open()).isEmpty();
        }
    }

    @Test
    @DisplayName("a trusted certificate of another host is refused, and the cause names the host")
    void aWrongHostIsRefused() throws Exception {
        try (Simulator simulator = serving(elsewhere)) {
            Cause cause = refusal(trusting(simulator.uri("/generic/x"), elsewhere.trust()));
            assertThat(cause.kind()).isEqualTo(Cause.Kind.TLS);
            assertThat(cause.message())
                    .containsIgnoringCase("subject alternative names")
                    .contains("127.0.0.1");
        }
    }

    @Test
    @DisplayName("a server that speaks no TLS, and a trust store that is not there or no trust store, are told as such")
    void otherTlsTroubleIsToldAsSuch() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            URI secure = URI.create("wss://127.0.0.1:" + plain.getLocalPort() + "/generic/x");
            CompletableFuture.runAsync(() -> answerInPlainText(plain));
            assertThat(refusal(trusting(secure, here.trust())).kind()).isEqualTo(Cause.Kind.TLS);

            Cause missing = refusal(trusting(secure, directory.resolve("no-such-file.p12")));
            assertThat(missing.kind()).isEqualTo(Cause.Kind.TLS);
            assertThat(missing.message()).contains("no-such-file.p12");

            Path junk = Files.writeString(directory.resolve("junk.p12"), "no key store");
            Cause unreadable = refusal(trusting(secure, junk));
            assertThat(unreadable.kind()).isEqualTo(Cause.Kind.TLS);
            assertThat(unreadable.message()).contains("junk.p12");
        }
    }

    private static void answerInPlainText(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("a server that accepts TCP and never answers the TLS handshake: CONNECT_TIMEOUT at connect.timeout")
    void aSilentHandshakeTimesOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            URI uri = URI.create("wss://127.0.0.1:" + silent.getLocalPort() + "/x");
            Cause cause = refusal(trusting(uri, here.trust()).option("connect.timeout", "1s"));
            assertThat(cause.kind()).isEqualTo(Cause.Kind.CONNECT_TIMEOUT);
            assertThat(cause.message()).contains("no TLS handshake");
        }
    }
}
