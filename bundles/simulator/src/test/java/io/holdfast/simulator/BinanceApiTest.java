// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    @Test
    void changesOnTopOfASnapshotMakeTheNextSnapshot() throws Exception {
        Simulator simulator = start();
        for (String path : List.of("/ws/btcusdt@depth@100ms", "/public/ws/btcusdt@depth")) {
            try (RawClient client = RawClient.open(simulator, path)) {
                client.textWith("depthUpdate");
                JsonObject first = book(simulator);
                long number = first.get("lastUpdateId").getAsLong();
                Map<String, String> bids = side(new TreeMap<>(), first.getAsJsonArray("bids"));
                Map<String, String> asks = side(new TreeMap<>(), first.getAsJsonArray("asks"));
                long enough = number + 180;
                JsonObject later = null;
                while (later == null || number < later.get("lastUpdateId").getAsLong()) {
                    JsonObject event = JsonParser.parseString(client.textWith("depthUpdate"))
                            .getAsJsonObject();
                    if (event.get("u").getAsLong() > number) {
                        assertThat(event.get("U").getAsLong()).isEqualTo(number + 1);
                        number = event.get("u").getAsLong();
                        side(bids, event.getAsJsonArray("b"));
                        side(asks, event.getAsJsonArray("a"));
                    }
                    later = later == null && number >= enough ? book(simulator) : later;
                }
                assertThat(number).isEqualTo(later.get("lastUpdateId").getAsLong());
                assertThat(bids).isEqualTo(side(new TreeMap<>(), later.getAsJsonArray("bids")));
                assertThat(asks).isEqualTo(side(new TreeMap<>(), later.getAsJsonArray("asks")));
            }
        }
    }

    private static Map<String, String> side(Map<String, String> side, JsonArray levels) {
        for (JsonElement e : levels) {
            String price = e.getAsJsonArray().get(0).getAsString();
            String quantity = e.getAsJsonArray().get(1).getAsString();
            if (new BigDecimal(quantity).signum() == 0) {
                side.remove(price);
            } else {
                side.put(price, quantity);
            }
        }
        return side;
    }

    @Test
    void aConnectionHas1024StreamsAndNoMore() throws Exception {
        Simulator simulator = start(SimulatorOptions.builder().rate(0).binanceMessageLimit(0));
        try (RawClient client = RawClient.open(simulator, "/stream")) {
            for (int call = 0; call < 2; call++) {
                int from = call * 550;
                String names = IntStream.range(from, from + 550)
                        .mapToObj(i -> "\"s" + i + "usdt@trade\"")
                        .collect(Collectors.joining(","));
                assertThat(client.ask(
                                "{\"method\":\"SUBSCRIBE\",\"params\":[" + names + "],\"id\":" + call + "}", "result"))
                        .isEqualTo("{\"result\":null,\"id\":" + call + "}");
            }
            client.ask("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":7}", "\"id\":7");
            assertThat(simulator.binance().state(1).subscriptions())
                    .hasSize(1024)
                    .contains("s1023usdt@trade")
                    .doesNotContain("s1024usdt@trade");
        }
    }

    @Test
    void aConnectionEndsAfterADay() throws Exception {
        // A second of Binance's is 20 microseconds, its day 1.7 s.
        Simulator simulator = start(SimulatorOptions.builder().heartbeatUnit(Duration.ofNanos(20_000)));
        simulator.faults().withholdHeartbeats();
        try (RawClient client = RawClient.open(simulator, "/ws")) {
            client.text("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
            AcceptRecord end = simulator.awaitEnd(1, Duration.ofSeconds(60));
            assertThat(end.endedNanos() - end.acceptedNanos()).isGreaterThanOrEqualTo(86_400L * 20_000);
            assertThat(end.endDetail()).contains("24 h are over");
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
