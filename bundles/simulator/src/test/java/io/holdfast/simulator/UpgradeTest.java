// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.AcceptRecord.UpgradeResult;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradeTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final Simulator simulator = Simulator.start(
            SimulatorOptions.builder().protocols("chat.v2", "chat.v1").rate(0).build());

    @AfterEach
    void stop() {
        simulator.close();
    }

    private RawClient tcp() throws IOException {
        return new RawClient(RawClient.tcp(simulator));
    }

    private static String get(String target, String headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
    }

    private static final String GOOD = "Upgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n";

    @Test
    void answersTheKeyOfTheStandard() throws IOException {
        try (RawClient client = tcp()) {
            assertThat(client.request(get("/generic/echo", GOOD)))
                    .startsWith("HTTP/1.1 101 ")
                    .contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                    .doesNotContain("Sec-WebSocket-Protocol");
        }
    }

    @Test
    void choosesTheFirstOfferedProtocolItKnowsAndKeepsTheRequest() throws IOException {
        try (RawClient client = tcp()) {
            String head = client.request(
                    get(
                            "/generic/echo?a=1&b=%20",
                            GOOD
                                    + "Sec-WebSocket-Protocol: other, chat.v1\r\nSec-WebSocket-Protocol: chat.v2\r\nAuthorization: secret\r\n"));
            assertThat(head).contains("\r\nSec-WebSocket-Protocol: chat.v1\r\n");
        }
        Session session = simulator.session(1).orElseThrow();
        assertThat(session.protocol()).contains("chat.v1");
        assertThat(session.request().path()).isEqualTo("/generic/echo");
        assertThat(session.request().query()).isEqualTo("a=1&b=%20");
        assertThat(session.request().header("AUTHORIZATION")).contains("secret");
        assertThat(session.request().protocols()).containsExactly("other", "chat.v1", "chat.v2");
        assertThat(session.request().toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST /generic/echo HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | 405",
                "GET /generic/echo HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | 426",
                "GET /generic/echo HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n | 400",
                "GET /generic/echo HTTP/1.1\\r\\nUpgrade: websocket\\r\\n\\r\\n | 400",
                "rubbish\\r\\n\\r\\n | 400",
                "\\r\\n\\r\\n | 400",
                "GET /generic/echo HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 8\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n | 426",
                "GET /generic/echo HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: short\\r\\n\\r\\n | 400",
                "GET /nowhere HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n | 404"
            })
    void refusesBadRequests(String request, int status) throws IOException {
        try (RawClient client = tcp()) {
            assertThat(client.request(request.replace("\\r\\n", "\r\n"))).startsWith("HTTP/1.1 " + status + " ");
            assertThat(client.in.read()).isEqualTo(-1);
        }
        AcceptRecord record = simulator.awaitEnd(1, LIMIT);
        assertThat(record.upgrade()).isEqualTo(UpgradeResult.REFUSED);
        assertThat(record.status()).isEqualTo(status);
    }

    @Test
    void refusesAHeadWithoutEnd() throws IOException {
        try (RawClient client = tcp()) {
            assertThat(client.request("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000)))
                    .startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void playsPlannedRefusalsInOrderThenAccepts() throws IOException {
        simulator.faults().upgrades(1, Upgrade.refuse(401));
        simulator.faults().upgrades(2, Upgrade.retryAfter(503, 2));
        simulator.faults().upgrades(1, Upgrade.retryAfter(429, Instant.parse("2026-11-22T17:00:00Z")));
        simulator.faults().upgrades(1, Upgrade.refuse(302, Map.of("Location", "/elsewhere")));
        simulator.faults().upgrades(1, Upgrade.refuse(418));
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 401 ");
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 2\r\n");
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 503 ");
        assertThat(attempt("/generic/echo"))
                .startsWith("HTTP/1.1 429 ")
                .contains("\r\nRetry-After: Sun, 22 Nov 2026 17:00:00 GMT\r\n");
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 302 ").contains("\r\nLocation: /elsewhere\r\n");
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 418 ");
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 101 ");
    }

    private String attempt(String target) throws IOException {
        try (RawClient client = tcp()) {
            return client.upgrade(target, "");
        }
    }

    @Test
    void aStandingRefusalHoldsForItsPathUntilTakenBack() throws IOException {
        Faults binance = simulator.faults().on("/ws");
        binance.upgrades(Upgrade.refuse(403));
        assertThat(attempt("/ws/btcusdt@trade")).startsWith("HTTP/1.1 403 ");
        assertThat(attempt("/ws")).startsWith("HTTP/1.1 403 ");
        assertThat(attempt("/ws/api/v2")).startsWith("HTTP/1.1 101 ");
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 101 ");
        binance.upgrades(Upgrade.accept());
        assertThat(attempt("/ws")).startsWith("HTTP/1.1 101 ");
    }

    @Test
    void silentNeverAnswersAndSeesTheClientGo() throws IOException {
        simulator.faults().upgrades(1, Upgrade.silent());
        try (RawClient client = tcp()) {
            client.out.write(get("/generic/echo", GOOD).getBytes());
            simulator.await(
                    "the request read",
                    () -> simulator.acceptLog().stream().anyMatch(r -> r.upgrade() == UpgradeResult.FAULTED),
                    LIMIT);
            assertThat(client.in.available()).isZero();
        }
        assertThat(simulator.awaitEnd(1, LIMIT).end()).isEqualTo(End.CLIENT_FIN);
    }

    @Test
    void halfAnAnswer() throws IOException {
        simulator.faults().upgrades(1, Upgrade.half());
        simulator.faults().upgrades(1, Upgrade.halfThenDrop());
        try (RawClient client = tcp()) {
            client.out.write(get("/generic/echo", GOOD).getBytes());
            assertThat(new String(client.in.readNBytes(20))).isEqualTo("HTTP/1.1 101 Switchi");
            client.socket.setSoTimeout(50);
            assertThatIOException().isThrownBy(() -> client.in.readNBytes(1000)).withMessageContaining("timed out");
        }
        try (RawClient client = tcp()) {
            client.out.write(get("/generic/echo", GOOD).getBytes());
            assertThat(new String(client.in.readAllBytes()))
                    .startsWith("HTTP/1.1 101 Switching")
                    .doesNotContain("\r\n\r\n");
        }
        assertThat(simulator.awaitEnd(2, LIMIT).end()).isEqualTo(End.FAULT);
    }

    @Test
    void aWrongAcceptValue() throws IOException {
        simulator.faults().upgrades(1, Upgrade.wrongAccept());
        try (RawClient client = tcp()) {
            assertThat(client.request(get("/generic/echo", GOOD)))
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContain("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
    }

    @Test
    void dropAndResetAtAccept() throws IOException {
        simulator.faults().upgrades(1, Upgrade.drop());
        simulator.faults().upgrades(1, Upgrade.reset());
        try (RawClient client = tcp()) {
            assertThat(client.in.read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> tcp().in.read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(simulator.awaitEnd(1, LIMIT).endDetail()).isEqualTo("FIN at accept");
        assertThat(simulator.awaitEnd(2, LIMIT).endDetail()).isEqualTo("RST at accept");
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 101 ");
    }

    @Test
    void opensThenCloses() throws IOException {
        simulator.faults().upgrades(1, Upgrade.openThenClose(1012, "service restart"));
        simulator.faults().upgrades(1, Upgrade.openThenReset());
        try (RawClient client = RawClient.open(simulator, "/ws/api/v2")) {
            RawClient.Frame close = client.closeFrame();
            assertThat(close.closeCode()).isEqualTo(1012);
            assertThat(close.closeReason()).isEqualTo("service restart");
            client.close(1012, "");
            assertThat(client.in.read()).isEqualTo(-1);
        }
        try (RawClient client = tcp()) {
            assertThatThrownBy(() -> {
                        client.upgrade("/ws/api/v2", "");
                        client.in.read();
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(simulator.awaitEnd(2, LIMIT).endDetail()).isEqualTo("RST after 101");
    }

    @Test
    void aSlowAnswer() throws IOException {
        simulator.faults().upgrades(1, Upgrade.accept().after(Duration.ofMillis(300)));
        long start = System.nanoTime();
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 101 ");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aSlowAnswerIsForgottenWhenTheClientGoes() throws IOException {
        simulator.faults().upgrades(1, Upgrade.accept().after(Duration.ofMinutes(10)));
        try (RawClient client = tcp()) {
            client.out.write(get("/generic/echo", GOOD).getBytes());
        }
        assertThat(simulator.awaitEnd(1, LIMIT).upgrade()).isEqualTo(UpgradeResult.PENDING);
    }

    @Test
    void limitsOpenConnections() throws IOException {
        simulator.faults().connectionLimit(1);
        try (RawClient first = RawClient.open(simulator, "/generic/echo")) {
            assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 429 ");
            first.close(1000, "");
            simulator.awaitNoneOpen(LIMIT);
        }
        assertThat(attempt("/generic/echo")).startsWith("HTTP/1.1 101 ");
    }

    @Test
    void theScriptIsInPlaceBeforeTheAnswer() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean made = new AtomicBoolean();
        simulator.handle("/mine", session -> {
            entered.countDown();
            try {
                made.set(go.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new ConnectionHandler() {
                @Override
                public void onOpen(Session opened) {
                    opened.text("first");
                    opened.close(1000, "at once");
                }
            };
        });
        try (RawClient client = tcp()) {
            client.out.write(get("/mine/below", GOOD).getBytes());
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.in.available()).isZero();
            go.countDown();
            byte[] head = new byte[12];
            client.in.readFully(head);
            assertThat(new String(head)).isEqualTo("HTTP/1.1 101");
            assertThat(made).isTrue();
            byte[] rest = new byte[256];
            StringBuilder all = new StringBuilder();
            while (!all.toString().contains("at once")) {
                int count = client.in.read(rest);
                if (count < 0) {
                    throw new EOFException(all.toString());
                }
                all.append(new String(rest, 0, count, StandardCharsets.ISO_8859_1));
            }
            assertThat(all.toString()).containsSubsequence("\r\n\r\n", "first", "at once");
        }
    }

    @Test
    void aPathPrefixHasNoSlashAtItsEnd() {
        assertThatThrownBy(() -> simulator.handle("/mine/", s -> new ConnectionHandler() {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/mine/");
    }
}
