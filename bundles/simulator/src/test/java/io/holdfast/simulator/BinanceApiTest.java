// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Binance's WebSocket API, order books and the door; the table of the README names these tests. */
class BinanceApiTest {

    private static final String PATH = "/ws-api/v3";

    private final List<Simulator> started = new ArrayList<>();
    private final KeyPair keys = keys();

    @AfterEach
    void stop() {
        started.forEach(Simulator::close);
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Simulator start(SimulatorOptions.Builder options) {
        Simulator simulator =
                Simulator.start(options.binanceKey(keys.getPublic()).build());
        started.add(simulator);
        return simulator;
    }

    private Simulator start() {
        return start(SimulatorOptions.builder().rate(50).binanceMessageLimit(0));
    }

    private static JsonObject ask(RawClient client, int id, String method, String params) throws IOException {
        return JsonParser.parseString(client.ask(
                        "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}",
                        "\"id\":" + id + ","))
                .getAsJsonObject();
    }

    private String signed(long timestamp) throws GeneralSecurityException {
        String payload = "apiKey=simulator&recvWindow=5000&timestamp=" + timestamp;
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update(payload.getBytes(StandardCharsets.UTF_8));
        return "{\"apiKey\":\"simulator\",\"recvWindow\":5000,\"timestamp\":" + timestamp + ",\"signature\":\""
                + Base64.getEncoder().encodeToString(signer.sign()) + "\"}";
    }

    private static int code(JsonObject answer) {
        return answer.getAsJsonObject("error").get("code").getAsInt();
    }

    @Test
    void logsOnAndSendsUserData() throws Exception {
        Simulator simulator = start();
        try (RawClient client = RawClient.open(simulator, PATH)) {
            assertThat(code(ask(client, 1, "userDataStream.subscribe", "{}"))).isEqualTo(-2015);
            assertThat(code(ask(client, 2, "session.logon", signed(System.currentTimeMillis() - 60_000))))
                    .isEqualTo(-1021);
            String now = signed(System.currentTimeMillis());
            assertThat(code(ask(client, 3, "session.logon", now.replace("5000,", "5001,"))))
                    .isEqualTo(-1022);
            JsonObject session = ask(client, 4, "session.logon", now).getAsJsonObject("result");
            assertThat(session.get("apiKey").getAsString()).isEqualTo("simulator");
            assertThat(ask(client, 5, "userDataStream.subscribe", "{}")
                            .getAsJsonObject("result")
                            .get("subscriptionId")
                            .getAsInt())
                    .isZero();
            assertThat(client.textWith("executionReport")).startsWith("{\"subscriptionId\":0,\"event\":{");
            assertThat(ask(client, 6, "session.subscriptions", "{}").getAsJsonArray("result"))
                    .hasSize(1);

            simulator.faults().userDataEnds();
            client.textWith("eventStreamTerminated");
            assertThat(simulator.binance().state(1).subscriptions()).isEmpty();
            simulator.faults().keyRevoked();
            assertThat(client.textWith("-2015")).startsWith("{\"id\":null,\"status\":401,");
            assertThat(ask(client, 7, "session.status", "{}")
                            .getAsJsonObject("result")
                            .get("apiKey")
                            .isJsonNull())
                    .isTrue();
        }
    }

    @Test
    void limitsAndTheOrderOfAnswersArePlayed() throws Exception {
        Simulator simulator = start();
        try (RawClient client = RawClient.open(simulator, PATH)) {
            simulator.faults().failRequests("time", -1003, "Way too much request weight used");
            JsonObject limited = ask(client, 1, "time", "{}");
            assertThat(limited.get("status").getAsInt()).isEqualTo(429);
            assertThat(limited.getAsJsonObject("error")
                            .getAsJsonObject("data")
                            .get("retryAfter")
                            .getAsLong())
                    .isGreaterThan(System.currentTimeMillis() - 60_000);
            simulator.faults().clear();
        }
        Simulator slow = start(
                SimulatorOptions.builder().heartbeatUnit(Duration.ofSeconds(10)).binanceMessageLimit(0));
        try (RawClient client = RawClient.open(slow, PATH)) {
            slow.faults().reorderAnswers();
            client.text("{\"id\":1,\"method\":\"ping\"}");
            client.text("{\"id\":2,\"method\":\"ping\"}");
            assertThat(client.textWith("status")).contains("\"id\":2,");
            assertThat(client.textWith("status")).contains("\"id\":1,");
        }
    }

    @Test
    void booksAreJoinedByTheirNumbers() throws Exception {
        Simulator simulator = start();
        try (RawClient client = RawClient.open(simulator, "/ws/btcusdt@depth")) {
            client.textWith("depthUpdate");
            long book = book(simulator).get("lastUpdateId").getAsLong();
            JsonObject event;
            do {
                event = JsonParser.parseString(client.textWith("depthUpdate")).getAsJsonObject();
            } while (event.get("u").getAsLong() <= book);
            assertThat(event.get("U").getAsLong()).isLessThanOrEqualTo(book + 1);

            simulator.faults().gap("btcusdt@depth", 1);
            long last = event.get("u").getAsLong();
            JsonObject next = event;
            while (next.get("U").getAsLong() <= last + 1) {
                last = next.get("u").getAsLong();
                next = JsonParser.parseString(client.textWith("depthUpdate")).getAsJsonObject();
            }
            assertThat(next.get("U").getAsLong()).isEqualTo(last + 4);

            simulator.faults().oldSnapshots(1_000);
            assertThat(book(simulator).get("lastUpdateId").getAsLong()).isLessThan(last);
            simulator.faults().clear();
            simulator.faults().on("/api/v3/depth").upgrades(1, Upgrade.refuse(429));
            try (RawClient http = new RawClient(RawClient.tcp(simulator))) {
                assertThat(http.request("GET /api/v3/depth?symbol=BTCUSDT HTTP/1.1\r\nHost: x\r\n\r\n"))
                        .startsWith("HTTP/1.1 429 ");
            }
        }
    }

    private static JsonObject book(Simulator simulator) throws IOException {
        try (RawClient http = new RawClient(RawClient.tcp(simulator))) {
            assertThat(http.request("GET /api/v3/depth?symbol=BTCUSDT&limit=5000 HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            return JsonParser.parseString(new String(http.in.readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        }
    }

    @Test
    void manyAttemptsGet429AndManyBreaches418() throws IOException {
        Simulator simulator =
                start(SimulatorOptions.builder().binanceAttemptLimit(4).binanceMessageLimit(1));
        for (int i = 1; i <= 3; i++) {
            try (RawClient client = RawClient.open(simulator, "/ws")) {
                client.text("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
                client.text("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":2}");
                simulator.awaitEnd(i, Duration.ofSeconds(20));
            }
        }
        try (RawClient client = new RawClient(RawClient.tcp(simulator))) {
            assertThat(client.upgrade("/ws", "")).startsWith("HTTP/1.1 418 ").contains("Retry-After: ");
        }
        Simulator busy = start(SimulatorOptions.builder().binanceAttemptLimit(2));
        for (int i = 0; i < 2; i++) {
            RawClient.open(busy, "/ws").close();
        }
        try (RawClient client = new RawClient(RawClient.tcp(busy))) {
            assertThat(client.upgrade("/stream", ""))
                    .startsWith("HTTP/1.1 429 ")
                    .contains("Retry-After: ");
        }
    }
}
