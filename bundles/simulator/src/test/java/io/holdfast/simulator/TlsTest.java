// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.simulator.AcceptRecord.End;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private static Path directory;

    private SSLContext context;
    private Simulator simulator;

    /** A self-signed certificate for 127.0.0.1; the same context serves as key and as trust. */
    @BeforeEach
    void start() throws Exception {
        Path file = directory.resolve("simulator.p12");
        if (!Files.exists(file)) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "simulator",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=127.0.0.1",
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            "changeit")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes());
            assertThat(keytool.waitFor()).as(said).isZero();
        }
        char[] password = "changeit".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        simulator = Simulator.start(
                SimulatorOptions.builder().tls(context).rate(100).build());
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private RawClient client(String... alpn) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", simulator.port());
        if (alpn.length > 0) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(alpn);
            socket.setSSLParameters(parameters);
        }
        return new RawClient(socket);
    }

    @Test
    void carriesEverythingOverTls() throws Exception {
        assertThat(simulator.uri("/generic/x")).hasScheme("wss");
        try (RawClient client = client("http/1.1")) {
            assertThat(client.upgrade("/generic/echo", "")).startsWith("HTTP/1.1 101 ");
            String large = "tls ".repeat(300_000);
            client.text(large);
            assertThat(client.frame().text()).isEqualTo(large);
            Fault flood = simulator.faults().flood(20_000, 128);
            for (int i = 0; i < 20_000; i++) {
                assertThat(client.frame().text()).startsWith("{\"flood\":" + i + ",");
            }
            flood.done().get(20, TimeUnit.SECONDS);
            assertThat(simulator.open().get(0).request().alpn()).containsExactly("http/1.1");
            client.close(1000, "bye");
            assertThat(client.closeFrame().closeCode()).isEqualTo(1000);
            assertThat(client.in.read()).isEqualTo(-1);
        }
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isEqualTo(End.CLIENT_CLOSE);
    }

    @Test
    void givesHttp2ToAClientThatOffersIt() throws IOException {
        try (RawClient client = client("h2", "http/1.1")) {
            ((SSLSocket) client.socket).startHandshake();
            assertThat(((SSLSocket) client.socket).getApplicationProtocol()).isEqualTo("h2");
        }
    }

    @Test
    void theJdkClientTrustsIt() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocket socket = HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .newWebSocketBuilder()
                .buildAsync(simulator.uri("/generic/x"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
                        first.complete(data.toString());
                        return null;
                    }
                })
                .get(20, TimeUnit.SECONDS);
        assertThat(first.get(20, TimeUnit.SECONDS)).contains("\"seq\":1,");
        simulator.faults().reset();
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isEqualTo(End.FAULT);
        socket.abort();
    }

    @Test
    void aClientWithoutTrustAndPlainTextAreEnded() throws Exception {
        try (Socket untrusting =
                SSLContext.getDefault().getSocketFactory().createSocket("127.0.0.1", simulator.port())) {
            assertThatThrownBy(((SSLSocket) untrusting)::startHandshake).isInstanceOf(IOException.class);
        }
        assertThat(simulator.awaitEnd(1, LIMIT).path()).isEmpty();
        try (RawClient plain = new RawClient(RawClient.tcp(simulator))) {
            assertThatThrownBy(() -> plain.upgrade("/generic/x", "")).isInstanceOf(IOException.class);
        }
        assertThat(simulator.awaitEnd(2, LIMIT).end()).isEqualTo(End.CLIENT_RESET);
    }
}
