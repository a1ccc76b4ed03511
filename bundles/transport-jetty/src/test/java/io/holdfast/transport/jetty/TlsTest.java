// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static io.holdfast.transport.jetty.Requests.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectFailure.Kind;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.TlsTrust;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(FrameEngine.class)
class TlsTest {
    @TempDir
    static Path directory;

    private static TestCertificates certificates;

    private final EngineTransport transport;

    TlsTest(FrameEngine engine) {
        transport = new EngineTransport(
                engine, new JettyTransport(host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")}, 1));
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(directory);
    }

    private static TlsTrust trust(String store) {
        return certificates.trust(store);
    }

    private static SSLContext serverContext(String store) throws Exception {
        return certificates.serverContext(store);
    }

    private static SSLServerSocket serverSocket(String store, String... alpn) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) serverContext(store)
                .getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(alpn);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static ScriptedServer echo(SSLServerSocket socket) {
        return new ScriptedServer(socket, peer -> {
            peer.upgrade();
            for (Peer.Received frame = peer.read(); frame.opCode() != Peer.CLOSE; frame = peer.read()) {
                peer.send(0x80 | frame.opCode(), frame.payload());
            }
            peer.sendClose(1000, "");
            peer.readToEnd();
        });
    }

    private static URI uri(ScriptedServer server, String host) {
        return URI.create("wss://" + host + ":" + server.port() + "/");
    }

    private ConnectFailure failure(ConnectRequest request) throws Exception {
        Recorder recorder = new Recorder();
        transport.connect(request, recorder);
        return recorder.awaitFailed();
    }

    @Test
    void aTrustedServerIsSpokenToWithNameAndHttp11Only() throws Exception {
        CompletableFuture<String> alpn = new CompletableFuture<>();
        CompletableFuture<List<SNIServerName>> names = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(serverSocket("server.p12", "h2", "http/1.1"), peer -> {
            peer.upgrade();
            SSLSocket socket = (SSLSocket) peer.socket;
            alpn.complete(socket.getApplicationProtocol());
            names.complete(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames());
            peer.text("hello");
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(uri(server, "exchange.test"), trust("server-trust.p12")), recorder);
            assertThat(recorder.awaitMessage()).isEqualTo("hello");
            assertThat(alpn.get()).isEqualTo("http/1.1");
            assertThat(names.get()).hasToString("[type=host_name (0), value=exchange.test]");
        }
    }

    @Test
    void everySizeOfMessageSurvivesTls() throws Exception {
        try (ScriptedServer server = echo(serverSocket("server.p12"))) {
            List<byte[]> received = new ArrayList<>();
            Recorder recorder = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    byte[] copy = new byte[payload.remaining()];
                    payload.get(copy);
                    received.add(copy);
                    return messages.add("one");
                }
            };
            TransportConnection connection =
                    transport.connect(Requests.to(uri(server, "exchange.test"), trust("server-trust.p12")), recorder);
            recorder.awaitOpen();
            int[] sizes = {0, 1, 125, 16_384, 65_536, 300_000, 7};
            for (int size : sizes) {
                connection.send(false, ByteBuffer.wrap(FramesTest.pattern(size)), SendCallback.NONE);
            }
            for (int size : sizes) {
                assertThat(recorder.awaitMessage()).isEqualTo("one");
            }
            for (int i = 0; i < sizes.length; i++) {
                assertThat(received.get(i)).isEqualTo(FramesTest.pattern(sizes[i]));
            }
            connection.close(1000, "");
            assertThat(recorder.awaitClosed().kind()).isEqualTo(CloseInfo.Kind.HANDSHAKE);
        }
    }

    @Test
    void sendingAtOnceAfterTheHandshakeNeverMeetsItsWrite() throws Exception {
        try (ScriptedServer server = echo(serverSocket("server.p12"))) {
            for (int i = 0; i < 100; i++) {
                Recorder recorder = new Recorder() {
                    @Override
                    public void onOpen(TransportConnection connection) {
                        connection.send(true, Requests.utf8("at once"), SendCallback.NONE);
                    }
                };
                TransportConnection connection = transport.connect(
                        Requests.to(uri(server, "exchange.test"), trust("server-trust.p12")), recorder);
                assertThat(recorder.awaitMessage()).as("round %d", i).isEqualTo("at once");
                connection.abort();
            }
        }
    }

    @Test
    void anUntrustedCertificateIsRefusedWithItsCause() throws Exception {
        try (ScriptedServer server = echo(serverSocket("server.p12"))) {
            ConnectFailure failure = failure(Requests.to(uri(server, "exchange.test")));
            assertThat(failure.kind()).isEqualTo(Kind.TLS);
            assertThat(failure.message()).contains("unable to find valid certification path to requested target");
        }
    }

    @Test
    void anotherHostNameIsRefusedWithItsCause() throws Exception {
        try (ScriptedServer server = echo(serverSocket("server.p12"))) {
            ConnectFailure failure = failure(Requests.to(uri(server, "other.test"), trust("server-trust.p12")));
            assertThat(failure.kind()).isEqualTo(Kind.TLS);
            assertThat(failure.message()).contains("other.test");
            failure = failure(Requests.to(uri(server, "127.0.0.1"), trust("server-trust.p12")));
            assertThat(failure.kind()).isEqualTo(Kind.TLS);
        }
    }

    @Test
    void anExpiredCertificateIsRefusedWithItsCause() throws Exception {
        try (ScriptedServer server = echo(serverSocket("expired.p12"))) {
            ConnectFailure failure = failure(Requests.to(uri(server, "exchange.test"), trust("expired-trust.p12")));
            assertThat(failure.kind()).isEqualTo(Kind.TLS);
            assertThat(failure.message()).contains("NotAfter");
        }
    }

    @Test
    void aServerThatDoesNotSpeakTlsIsATlsFailure() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.raw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
            peer.readToEnd();
        })) {
            ConnectFailure failure = failure(Requests.to(uri(server, "exchange.test")));
            assertThat(failure.kind()).isEqualTo(Kind.TLS);
        }
        try (ScriptedServer server = new ScriptedServer(peer -> {})) {
            assertThat(failure(Requests.to(uri(server, "exchange.test"))).kind())
                    .isEqualTo(Kind.TLS);
        }
    }

    @Test
    void aClientWhoseCertificateIsMissedIsToldSo() throws Exception {
        // Under TLS 1.3 the server's refusal comes after the client's side of the handshake is done.
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            SSLServerSocket socket = serverSocket("server.p12");
            socket.setEnabledProtocols(new String[] {version});
            socket.setNeedClientAuth(true);
            // The relay stays open, so that the refusal is always read before an end.
            try (ScriptedServer server = new ScriptedServer(socket, Peer::readRequest);
                    ScriptedServer relay = relayTo(server.port())) {
                ConnectFailure failure = failure(Requests.to(uri(relay, "exchange.test"), trust("server-trust.p12")));
                assertThat(failure.kind()).as(version).isEqualTo(Kind.TLS);
                assertThat(failure.message()).contains("alert");
            }
        }
    }

    private static ScriptedServer relayTo(int port) throws Exception {
        return new ScriptedServer(client -> {
            try (Socket server = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                Thread down = new Thread(() -> {
                    try {
                        server.getInputStream().transferTo(client.socket.getOutputStream());
                    } catch (IOException e) {
                        // Its end is not the client's.
                        return;
                    }
                });
                down.setDaemon(true);
                down.start();
                try {
                    client.socket.getInputStream().transferTo(server.getOutputStream());
                } catch (IOException e) {
                    client.readToEnd();
                }
            }
        });
    }

    @Test
    void aHandshakeThatHangsTimesOut() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Peer::readToEnd)) {
            ConnectFailure failure =
                    failure(Requests.withLimits(uri(server, "exchange.test"), Duration.ofSeconds(1), LONG));
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(failure.message()).contains("no TLS handshake within PT1S");
        }
    }

    @Test
    void theNextAddressIsTriedAfterABadCertificate() throws Exception {
        try (ScriptedServer bad = echo(serverSocket("expired.p12"))) {
            SSLServerSocket socket = (SSLServerSocket) serverContext("server.p12")
                    .getServerSocketFactory()
                    .createServerSocket(bad.port(), 100, InetAddress.getByName("127.0.0.2"));
            try (ScriptedServer good = echo(socket);
                    JettyTransport both = new JettyTransport(
                            host -> new InetAddress[] {
                                InetAddress.getByName("127.0.0.1"), InetAddress.getByName("127.0.0.2")
                            },
                            1)) {
                Recorder recorder = new Recorder();
                both.connect(Requests.to(uri(good, "exchange.test"), trust("server-trust.p12")), recorder);
                recorder.awaitOpen();
                assertThat(bad.accepted).hasValue(1);
            }
        }
    }

    @Test
    void aTrustStoreThatCannotBeReadIsNamedWithoutItsPassword() throws Exception {
        try (ScriptedServer server = echo(serverSocket("server.p12"))) {
            ConnectFailure missing = failure(Requests.to(uri(server, "exchange.test"), trust("nowhere.p12")));
            assertThat(missing.kind()).isEqualTo(Kind.TLS);
            assertThat(missing.message()).contains("nowhere.p12");
            TlsTrust wrong = new TlsTrust(
                    Optional.of(directory.resolve("server-trust.p12")),
                    "PKCS12",
                    Secret.of("wrong-canary".toCharArray()));
            ConnectFailure unreadable = failure(Requests.to(uri(server, "exchange.test"), wrong));
            assertThat(unreadable.kind()).isEqualTo(Kind.TLS);
            assertThat(unreadable.message())
                    .contains("server-trust.p12", "password")
                    .doesNotContain("canary");
        }
    }

    @Test
    void contextsAreSharedPerTrustStoreAndFollowItsFile() throws Exception {
        TlsContexts contexts = new TlsContexts();
        Path copy = directory.resolve("copy.p12");
        Files.copy(directory.resolve("server-trust.p12"), copy, StandardCopyOption.REPLACE_EXISTING);
        SSLContext first = contexts.context(trust("copy.p12"));
        assertThat(contexts.context(trust("copy.p12"))).isSameAs(first);
        assertThat(contexts.context(trust("server-trust.p12"))).isNotSameAs(first);
        assertThat(contexts.context(TlsTrust.DEFAULT)).isSameAs(contexts.context(TlsTrust.DEFAULT));
        Files.setLastModifiedTime(copy, java.nio.file.attribute.FileTime.fromMillis(1_000_000));
        assertThat(contexts.context(trust("copy.p12"))).isNotSameAs(first);
    }

    @Test
    void writeLimitAndReadPassHoldUnderTls() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Peer> opened = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(serverSocket("server.p12"), peer -> {
                    peer.upgrade();
                    opened.complete(peer);
                    end.await();
                });
                Loopback loopback = new Loopback()) {
            ConnectRequest request = new ConnectRequest(
                    uri(server, "exchange.test"),
                    Map.of(),
                    LONG,
                    LONG,
                    Duration.ofMillis(500),
                    1 << 20,
                    trust("server-trust.p12"));
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(request, recorder);
            recorder.awaitOpen();
            Peer peer = opened.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS);
            for (int round = 0; round < 200; round++) {
                for (int i = 0; i < 3; i++) {
                    peer.text("m" + i);
                }
                loopback.round();
                connection.afterReadPass(() -> recorder.messages.add("task"));
                for (String expected : List.of("m0", "m1", "m2", "task")) {
                    assertThat(recorder.awaitMessage()).isEqualTo(expected);
                }
            }
            connection.send(false, ByteBuffer.allocate(32 << 20), SendCallback.NONE);
            assertThat(recorder.awaitClosed().kind()).isEqualTo(CloseInfo.Kind.WRITE_TIMEOUT);
            end.countDown();
        }
    }

    @Test
    void abortIsImmediateUnderTls() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(serverSocket("server.p12"), peer -> {
            peer.upgrade();
            try {
                peer.read();
                ended.complete(false);
            } catch (IOException e) {
                ended.complete(true);
            }
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection =
                    transport.connect(Requests.to(uri(server, "exchange.test"), trust("server-trust.p12")), recorder);
            recorder.awaitOpen();
            connection.abort();
            assertThat(ended.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
