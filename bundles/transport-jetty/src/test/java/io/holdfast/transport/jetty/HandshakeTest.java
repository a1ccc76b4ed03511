// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static io.holdfast.transport.jetty.Requests.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectFailure.Kind;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.HttpProxy;
import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.TransportConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\n";

    private final JettyTransport transport = new JettyTransport();

    @AfterEach
    void stop() {
        transport.close();
    }

    private static ScriptedServer.Script answering(String answer) {
        return peer -> {
            peer.readRequest();
            peer.raw(answer.getBytes(StandardCharsets.ISO_8859_1));
            peer.readToEnd();
        };
    }

    private ConnectFailure failure(ScriptedServer.Script script) throws Exception {
        try (ScriptedServer server = new ScriptedServer(script)) {
            ConnectFailure failure = failure(Requests.to(server.uri()));
            assertThat(server.accepted).hasValue(1);
            return failure;
        }
    }

    private ConnectFailure failure(ConnectRequest request) throws Exception {
        Recorder recorder = new Recorder();
        transport.connect(request, recorder);
        ConnectFailure failure = recorder.awaitFailed();
        assertThat(recorder.opened).isNotDone();
        return failure;
    }

    @Test
    void theRequestIsWhatTheStandardAsksForAndNoMore() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            request.complete(peer.readRequest());
            peer.raw(peer.answer(""));
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            URI uri = server.uri("/ws/btcusdt@trade?streams=a%2Fb&x=%20");
            transport.connect(Requests.withHeaders(uri, Map.of("Authorization", List.of("Bearer canary"))), recorder);
            recorder.awaitOpen();
            assertThat(request.get().split("\r\n"))
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).isEqualTo("GET /ws/btcusdt@trade?streams=a%2Fb&x=%20 HTTP/1.1"),
                            line -> assertThat(line).isEqualTo("Host: 127.0.0.1:" + server.port()),
                            line -> assertThat(line).isEqualTo("Upgrade: websocket"),
                            line -> assertThat(line).isEqualTo("Connection: Upgrade"),
                            line -> assertThat(line).matches("Sec-WebSocket-Key: [A-Za-z0-9+/]{22}=="),
                            line -> assertThat(line).isEqualTo("Sec-WebSocket-Version: 13"),
                            line -> assertThat(line).isEqualTo("User-Agent: Holdfast"),
                            line -> assertThat(line).isEqualTo("Authorization: Bearer canary"));
        }
    }

    @Test
    void everyAttemptHasItsOwnKey() {
        byte[] nonce = new byte[16];
        UpgradeRequest first = UpgradeRequest.of(URI.create("ws://h/"), Map.of(), nonce, false);
        nonce[0] = 1;
        assertThat(UpgradeRequest.of(URI.create("ws://h/"), Map.of(), nonce, false)
                        .accept())
                .isNotEqualTo(first.accept());
        // The example of RFC 6455, 1.3.
        assertThat(UpgradeRequest.of(
                                URI.create("ws://h/"),
                                Map.of(),
                                "the sample nonce".getBytes(StandardCharsets.US_ASCII),
                                false)
                        .accept())
                .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void headersThatCannotBeSentAreRefusedByName() {
        URI uri = URI.create("ws://localhost/");
        for (String name :
                List.of("Host", "upgrade", "SEC-WEBSOCKET-KEY", "Sec-WebSocket-Extensions", "Content-Length")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            transport.connect(Requests.withHeaders(uri, Map.of(name, List.of("x"))), new Recorder()))
                    .withMessageContaining(name);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.connect(
                        Requests.withHeaders(uri, Map.of("X-Key", List.of("canary\r\nHost: other"))), new Recorder()))
                .withMessageContaining("X-Key")
                .withMessageNotContaining("canary");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        transport.connect(Requests.withHeaders(uri, Map.of("X Key", List.of("v"))), new Recorder()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.connect(Requests.to(URI.create("http://localhost/")), new Recorder()))
                .withMessageContaining("ws or wss");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport.connect(Requests.to(URI.create("ws:///path")), new Recorder()))
                .withMessageContaining("host");
    }

    @Test
    void aPortThatIsNoneIsRefusedAtOnce() {
        for (String host : List.of("127.0.0.1", "localhost")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> transport.connect(
                            Requests.to(URI.create("ws://" + host + ":65536/?token=canary")), new Recorder()))
                    .withMessageContaining("uri: the port")
                    .withMessageNotContaining("canary");
        }
        assertThat(transport.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'', PROTOCOL, not HTTP/1.1: GET",
        "'HTTP/2.0 ', PROTOCOL, not HTTP/1.1: HTTP/2.0 GET",
        "'HTTP/1.1 404 No: ', HTTP, HTTP 404 No: GET",
        "'HTTP/1.1 200 OK|', PROTOCOL, broken header line: GET"
    })
    void aServerThatEchoesIsNotToldWithOurSecrets(String before, Kind kind, String told) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.raw((before.replace("|", "\r\n") + peer.readRequest()).getBytes(StandardCharsets.ISO_8859_1));
            peer.readToEnd();
        })) {
            ConnectFailure failure = failure(Requests.withHeaders(
                    server.uri("/ws/canary?token=canary"), Map.of("Authorization", List.of("Bearer canary"))));
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.toString()).contains(told).doesNotContain("canary");
        }
    }

    @Test
    void aQueryThatIsNoTextOpens() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.upgrade().readToEnd())) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri("/?signature=%ff%fe")), recorder);
            recorder.awaitOpen();
        }
    }

    @Test
    void aProxyMayTellWhenToComeBack() throws Exception {
        try (ScriptedServer proxy =
                new ScriptedServer(answering("HTTP/1.1 503 Busy\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n"))) {
            ConnectFailure failure = failure(Requests.to(URI.create("ws://exchange.test/"))
                    .with(new HttpProxy("127.0.0.1", proxy.port(), Secret.NONE)));
            assertThat(failure.message()).isEqualTo("the proxy answered HTTP 503 Busy");
            assertThat(failure.httpStatus()).hasValue(503);
            assertThat(failure.retryAfter()).hasValue("17");
        }
    }

    @Test
    void framesThatComeWithTheAnswerAreNotLost() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.readRequest();
            peer.raw(
                    Peer.join(peer.answer(""), Peer.frame(0x81, "one".getBytes()), Peer.frame(0x81, "two".getBytes())));
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitMessage()).isEqualTo("one");
            assertThat(recorder.awaitMessage()).isEqualTo("two");
            assertThat(recorder.opened).isDone();
        }
    }

    @Test
    void anAnswerInSingleBytesAfterInterimAnswersOpens() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.readRequest();
            byte[] answer = Peer.join(
                    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                    peer.answer("X-Many: " + "y".repeat(500) + "\r\n"),
                    Peer.frame(0x81, "hello".getBytes()));
            for (byte b : answer) {
                peer.raw(b);
            }
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitMessage()).isEqualTo("hello");
        }
    }

    @Test
    void aRefusalSurfacesWithItsStatus() throws Exception {
        ConnectFailure failure =
                failure(answering("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"));
        assertThat(failure.kind()).isEqualTo(Kind.HTTP);
        assertThat(failure.httpStatus()).hasValue(401);
        assertThat(failure.message()).isEqualTo("HTTP 401 Unauthorized");
        assertThat(failure.retryAfter()).isEmpty();
    }

    @Test
    void retryAfterIsHandedOn() throws Exception {
        ConnectFailure failure =
                failure(answering("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 17\r\n\r\nslow down"));
        assertThat(failure.httpStatus()).hasValue(429);
        assertThat(failure.retryAfter()).hasValue("17");
        failure = failure(answering("HTTP/1.1 503 Busy\r\nretry-after: Fri, 31 Dec 2027 23:59:59 GMT\r\n\r\n"));
        assertThat(failure.retryAfter()).hasValue("Fri, 31 Dec 2027 23:59:59 GMT");
    }

    @Test
    void aRedirectIsReportedAndNotFollowed() throws Exception {
        AtomicInteger followed = new AtomicInteger();
        try (ScriptedServer other = new ScriptedServer(peer -> followed.incrementAndGet())) {
            ConnectFailure failure = failure(answering("HTTP/1.1 302 Found\r\nLocation: http://u:canary@127.0.0.1:"
                    + other.port() + "/x?token=canary#f\r\n\r\n"));
            assertThat(failure.httpStatus()).hasValue(302);
            assertThat(failure.location()).hasValue("http://127.0.0.1:" + other.port() + "/x");
            assertThat(failure.toString()).doesNotContain("canary");
            assertThat(followed).hasValue(0);
        }
    }

    @Test
    void aRefusalsTextIsEscapedAndCut() throws Exception {
        ConnectFailure failure = failure(answering("HTTP/1.1 500 \u001b[31m" + "x".repeat(2000)
                + "\r\nRetry-After: \u0007" + "9".repeat(999) + "\r\n\r\n"));
        assertThat(failure.message()).startsWith("HTTP 500 \\u001b[31mxxx").hasSizeLessThan(270);
        assertThat(failure.retryAfter().orElseThrow()).startsWith("\\u00079").hasSizeLessThan(270);
    }

    @Test
    void aHeaderBeyond32KilobytesIsRefused() throws Exception {
        ConnectFailure endless = failure(peer -> {
            peer.readRequest();
            peer.raw((SWITCHING + "X: ").getBytes());
            byte[] more = "y".repeat(1024).getBytes();
            for (int i = 0; i < 32; i++) {
                peer.raw(more);
            }
            peer.readToEnd();
        });
        assertThat(endless.kind()).isEqualTo(Kind.PROTOCOL);
        assertThat(endless.message()).contains("32 kB");
        ConnectFailure complete = failure(peer -> {
            peer.readRequest();
            peer.raw(peer.answer("X: " + "y".repeat(33_000) + "\r\n"));
            peer.readToEnd();
        });
        assertThat(complete.kind()).isEqualTo(Kind.PROTOCOL);
    }

    @Test
    void aHeaderOf31KilobytesIsAccepted() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.readRequest();
            peer.raw(peer.answer("X: " + "y".repeat(31_000) + "\r\n"));
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.9\r\n\r\n",
                "HTTP/2 101\r\n\r\n",
                "HTTP/1.0 101 OK\r\n\r\n",
                SWITCHING + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                SWITCHING + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
                SWITCHING + "Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
                SWITCHING + "Upgrade: websocket\r\nConnection: close\r\n\r\n",
                SWITCHING + "no colon here\r\n\r\n",
                SWITCHING + " folded: x\r\n\r\n"
            })
    void answersThatBreakTheStandardAreRefused(String answer) throws Exception {
        assertThat(failure(answering(answer)).kind()).isEqualTo(Kind.PROTOCOL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Extensions: permessage-deflate\r\n", "Sec-WebSocket-Protocol: other\r\n"})
    void whatWasNotOfferedMustNotBeAnswered(String header) throws Exception {
        ConnectFailure failure = failure(peer -> {
            peer.readRequest();
            peer.raw(peer.answer(header));
            peer.readToEnd();
        });
        assertThat(failure.kind()).isEqualTo(Kind.PROTOCOL);
        assertThat(failure.message()).contains("not asked for");
    }

    @Test
    void anOfferedSubProtocolIsAccepted() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.readRequest();
            peer.raw(peer.answer("Sec-WebSocket-Protocol: v2\r\n"));
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(
                    Requests.withHeaders(server.uri(), Map.of("Sec-WebSocket-Protocol", List.of("v1, v2"))), recorder);
            recorder.awaitOpen();
        }
    }

    @Test
    void aConnectionThatBreaksBeforeTheAnswerIsAnIoFailure() throws Exception {
        assertThat(failure(Peer::readRequest).kind()).isEqualTo(Kind.IO);
        assertThat(failure(peer -> {
                            peer.readRequest();
                            peer.reset();
                        })
                        .kind())
                .isEqualTo(Kind.IO);
        assertThat(failure(peer -> {
                            peer.readRequest();
                            peer.raw("HTTP/1.1 101 Swit".getBytes());
                        })
                        .kind())
                .isEqualTo(Kind.IO);
    }

    @Test
    void aServerThatAcceptsAndNeverAnswersTimesOut() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Peer::readToEnd)) {
            ConnectFailure failure = failure(Requests.withLimits(server.uri(), LONG, Duration.ofSeconds(2)));
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(failure.message()).contains("PT2S", "waiting for 127.0.0.1 to answer the upgrade");
            // The attempt's socket is closed, not forgotten.
            await().atMost(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> server.accepted.get() == 1);
        }
    }

    @Test
    void anAddressThatTakesNoConnectionTimesOutAndIsLetGo() throws Exception {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            // Linux drops the SYN of a connection that the full queue of a listener has no room for.
            for (int i = 0; i < 16; i++) {
                Socket filler = new Socket();
                fillers.add(filler);
                try {
                    // As long as no stall of the machine lasts.
                    filler.connect(full.getLocalSocketAddress(), 2_000);
                } catch (java.net.SocketTimeoutException e) {
                    break;
                }
            }
            URI uri = URI.create("ws://127.0.0.1:" + full.getLocalPort() + "/");
            ConnectFailure failure = failure(Requests.withLimits(uri, Duration.ofMillis(300), LONG));
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(failure.message()).contains("no TCP connection within PT0.3S");
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void aRefusedConnectionIsUnreachable() throws Exception {
        try (Socket taken = refusing()) {
            URI uri = URI.create("ws://127.0.0.1:" + taken.getLocalPort() + "/");
            ConnectFailure failure = failure(Requests.to(uri));
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure.message()).contains("Connection refused", "127.0.0.1");
        }
    }

    @Test
    void aNameWithoutAddressIsUnresolved() throws Exception {
        try (JettyTransport strange = new JettyTransport(
                host -> {
                    throw new UnknownHostException(host + ": Name or service not known");
                },
                1)) {
            Recorder recorder = new Recorder();
            strange.connect(Requests.to(URI.create("ws://nowhere.test/")), recorder);
            ConnectFailure failure = recorder.awaitFailed();
            assertThat(failure.kind()).isEqualTo(Kind.UNRESOLVED);
            assertThat(failure.message()).contains("nowhere.test");
        }
    }

    @Test
    void aResolverThatHangsCostsOnlyItsAttempts() throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.upgrade();
                    peer.text("alive");
                    peer.readToEnd();
                });
                JettyTransport slow = new JettyTransport(
                        host -> {
                            if (host.equals("slow.test")) {
                                end.join();
                            }
                            return InetAddress.getAllByName("127.0.0.1");
                        },
                        1)) {
            Recorder living = new Recorder();
            slow.connect(Requests.to(server.uri()), living);
            living.awaitOpen();
            List<Recorder> recorders = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Recorder recorder = new Recorder();
                recorders.add(recorder);
                slow.connect(
                        Requests.withLimits(URI.create("ws://slow.test/"), LONG, Duration.ofMillis(200)), recorder);
            }
            for (Recorder recorder : recorders) {
                assertThat(recorder.awaitFailed().kind()).isEqualTo(Kind.TIMEOUT);
            }
            assertThat(living.awaitMessage()).isEqualTo("alive");
            end.complete(null);
        }
    }

    @Test
    void everyAddressIsTriedInTurnAndTheNameIsKept() throws Exception {
        AtomicInteger lookUps = new AtomicInteger();
        CompletableFuture<String> request = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    request.complete(peer.readRequest());
                    peer.raw(peer.answer(""));
                    peer.readToEnd();
                });
                JettyTransport several = new JettyTransport(
                        host -> {
                            lookUps.incrementAndGet();
                            return new InetAddress[] {
                                InetAddress.getByName("127.0.0.3"),
                                InetAddress.getByName("127.0.0.2"),
                                InetAddress.getByName("127.0.0.1")
                            };
                        },
                        1)) {
            URI uri = URI.create("ws://exchange.test:" + server.port() + "/");
            Recorder recorder = new Recorder();
            several.connect(Requests.to(uri), recorder);
            recorder.awaitOpen();
            assertThat(request.get()).contains("Host: exchange.test:" + server.port() + "\r\n");
            Recorder again = new Recorder();
            several.connect(Requests.to(uri), again);
            again.awaitOpen();
            assertThat(lookUps).hasValue(2);

            try (Socket taken = refusing()) {
                int unused = taken.getLocalPort();
                Recorder none = new Recorder();
                several.connect(Requests.to(URI.create("ws://exchange.test:" + unused + "/")), none);
                ConnectFailure failure = none.awaitFailed();
                assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
                assertThat(failure.message())
                        .contains("127.0.0.3:" + unused, "127.0.0.2:" + unused, "127.0.0.1:" + unused);
            }
        }
    }

    @Test
    void anAttemptCanBeAbortedAtAnyStep() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.readRequest();
            peer.readToEnd();
            gone.complete(null);
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            await().atMost(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> server.accepted.get() == 1);
            connection.abort();
            gone.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS);
            for (int i = 0; i < 200; i++) {
                transport.connect(Requests.to(server.uri()), recorder).abort();
            }
            assertThat(recorder.terminal).hasValue(0);
            assertThat(recorder.opened).isNotDone();
        }
    }

    @Test
    void closingAnAttemptFailsIt() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Peer::readToEnd)) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            connection.close(1000, "");
            assertThat(recorder.awaitFailed().kind()).isEqualTo(Kind.IO);
            Requests.Sent sent = new Requests.Sent();
            connection.send(true, Requests.utf8("x"), sent);
            assertThat(sent.result.get()).startsWith("failed: ");
        }
    }

    /** Its port listens to nobody, and nobody else gets it meanwhile. */
    private static Socket refusing() throws Exception {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(0));
        return socket;
    }
}
