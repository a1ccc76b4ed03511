// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.simulator.AcceptRecord.End;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeribitTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration UNIT = Duration.ofMillis(100);
    private static final String PATH = "/ws/api/v2";

    private Simulator simulator = Simulator.start(
            SimulatorOptions.builder().heartbeatUnit(UNIT).rate(50).build());

    @AfterEach
    void stop() {
        simulator.close();
    }

    private static String request(String id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static JsonObject ask(RawClient client, String id, String method, String params) throws IOException {
        return JsonParser.parseString(client.ask(request(id, method, params), "\"id\":" + id))
                .getAsJsonObject();
    }

    @Test
    void answersInTheRecordedShape() throws IOException {
        try (RawClient client = RawClient.open(simulator, PATH)) {
            assertThat(client.ask(request("\"nfm01\"", "public/test", "{}"), "nfm01"))
                    .matches("\\{\"jsonrpc\":\"2.0\",\"id\":\"nfm01\",\"result\":\\{\"version\":\"1\\.2\\.26\"},"
                            + "\"usIn\":\\d{16},\"usOut\":\\d{16},\"usDiff\":\\d+,\"testnet\":true}");
            assertThat(client.ask(request("9007199254740993", "public/hello", "{}"), "9007199254740993"))
                    .contains("version");
            assertThat(ask(client, "3", "public/get_time", "{}").get("result").getAsLong())
                    .isGreaterThan(1_700_000_000_000L);
            assertThat(ask(client, "4", "public/status", "{}").get("result").toString())
                    .isEqualTo("{\"locked\":\"false\",\"locked_indices\":[]}");
            JsonObject low = ask(client, "7", "public/set_heartbeat", "{\"interval\":9}");
            assertThat(low.get("error").toString())
                    .isEqualTo("{\"code\":-32602,\"data\":{\"reason\":\"value must be >= 10\","
                            + "\"param\":\"interval\"},\"message\":\"Invalid params\"}");
            assertThat(error(client, "8", "public/nothing", "{}")).isEqualTo(-32601);
            assertThat(error(client, "9", "public/test", "{\"expected_result\":\"exception\"}"))
                    .isEqualTo(-32000);
            assertThat(error(client, "10", "public/subscribe", "{}")).isEqualTo(-32602);
            client.text("no json");
            assertThat(client.textWith("11050"))
                    .startsWith(
                            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":11050,\"data\":\"invalid json\",\"message\":\"bad_request\"},\"usIn\":");
            client.text("[1,2]");
            assertThat(client.textWith("-32600")).doesNotContain("\"id\"");
            client.text(request("11", "public/test", "{\"x\":\"" + "x".repeat(33_000) + "\"}"));
            assertThat(client.textWith("request entity too large")).contains("-32600");
            assertThat(ask(client, "12", "public/test", "{}").has("result")).isTrue();
            client.text("{\"jsonrpc\":\"2.0\",\"method\":\"public/test\"}");
            assertThat(client.textWith("version")).startsWith("{\"jsonrpc\":\"2.0\",\"result\"");
        }
        Deribit.State state = simulator.deribit().state(1);
        assertThat(state.firstMethod()).isEqualTo("public/test");
        assertThat(state.setHeartbeats()).isZero();
        assertThat(state.tests()).isEqualTo(4);
    }

    private static int error(RawClient client, String id, String method, String params) throws IOException {
        return ask(client, id, method, params)
                .getAsJsonObject("error")
                .get("code")
                .getAsInt();
    }

    @Test
    void heartbeatsAreAskedInTheMeasuredRhythmAndAnswersKeepTheirMarker() throws IOException {
        try (RawClient client = RawClient.open(simulator, PATH)) {
            long start = System.nanoTime();
            ask(client, "1", "public/set_heartbeat", "{\"interval\":10}");
            List<String> seen = new ArrayList<>();
            for (int beat = 0; beat < 3; beat++) {
                String frame;
                do {
                    frame = client.textWith("\"method\":\"heartbeat\"");
                    seen.add(frame);
                } while (!frame.contains("test_request"));
                ask(client, "\"v2-" + beat + "\"", "public/test", "{\"marker\":\"v2\"}");
            }
            // 12.0 + 2 x 10.6 units at least
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(UNIT.multipliedBy(33));
            assertThat(seen)
                    .containsSubsequence(
                            "{\"params\":{\"type\":\"heartbeat\"},\"method\":\"heartbeat\",\"jsonrpc\":\"2.0\"}",
                            "{\"params\":{\"type\":\"test_request\"},\"method\":\"heartbeat\",\"jsonrpc\":\"2.0\"}")
                    .hasSize(6);
            Deribit.State state = simulator.deribit().state(1);
            assertThat(state.setHeartbeats()).isEqualTo(1);
            assertThat(state.interval()).isEqualTo(10);
            assertThat(state.testRequestsSent()).isEqualTo(3);
            assertThat(state.testRequestsAnswered()).isEqualTo(3);
            assertThat(simulator.deribit().answers())
                    .extracting(Deribit.Answer::id)
                    .containsExactly("\"v2-0\"", "\"v2-1\"", "\"v2-2\"");
            assertThat(simulator.deribit().answers().get(0).params()).isEqualTo("{\"marker\":\"v2\"}");
            assertThat(simulator.deribit().answers()).allMatch(a -> a.answeredNanos() >= a.sentNanos());
            ask(client, "2", "public/disable_heartbeat", "{}");
            assertThat(simulator.deribit().state(1).interval()).isZero();
        }
        assertThat(simulator.deribit().testRequestsSent()).isEqualTo(3);
        assertThat(simulator.deribit().testRequestsAnswered()).isEqualTo(3);
        assertThat(simulator.deribit().testRequestsLost()).isZero();
    }

    @Test
    void aBusyConnectionGetsTestRequestsOnly() throws IOException {
        try (RawClient client = RawClient.open(simulator, PATH)) {
            ask(client, "1", "public/set_heartbeat", "{\"interval\":10}");
            ask(client, "2", "public/subscribe", "{\"channels\":[\"platform_state\"]}");
            assertThat(client.textWith("\"method\":\"heartbeat\"")).contains("test_request");
        }
    }

    @Test
    void anUnansweredTestRequestCloses4000() throws IOException {
        try (RawClient client = RawClient.open(simulator, PATH)) {
            ask(client, "1", "public/set_heartbeat", "{\"interval\":10}");
            client.textWith("test_request");
            RawClient.Frame close = client.closeFrame();
            assertThat(close.closeCode()).isEqualTo(4000);
            assertThat(close.closeReason()).isEqualTo("heartbeat close");
        }
        assertThat(simulator.awaitEnd(1, LIMIT).endDetail()).isEqualTo("close 4000 heartbeat close");
        assertThat(simulator.deribit().testRequestsLost()).isEqualTo(1);
    }

    @Test
    void anIdleConnectionIsDroppedWithoutACloseFrame() throws IOException {
        simulator.close();
        simulator = Simulator.start(
                SimulatorOptions.builder().heartbeatUnit(Duration.ofMillis(2)).build());
        try (RawClient client = RawClient.open(simulator, PATH)) {
            assertThat(client.in.read()).isEqualTo(-1);
        }
        AcceptRecord record = simulator.awaitEnd(1, LIMIT);
        assertThat(record.end()).isEqualTo(End.SERVER);
        assertThat(record.endedNanos() - record.openedNanos()).isGreaterThanOrEqualTo(121_000_000);
    }

    @Test
    void aTestRequestOnDemand() throws IOException {
        try (RawClient client = RawClient.open(simulator, PATH)) {
            assertThat(simulator.faults().testRequest().connections()).containsExactly(1);
            simulator.faults().testRequest();
            client.textWith("test_request");
            client.textWith("test_request");
            ask(client, "1", "public/test", "{}");
            assertThat(simulator.deribit().state(1).awaitingAnswer()).isTrue();
            ask(client, "2", "public/test", "{}");
            assertThat(simulator.deribit().state(1).testRequestsAnswered()).isEqualTo(2);
        }
    }

    @Test
    void subscribesWhatItKnowsAndSaysNothingOfTheRest() throws IOException {
        try (RawClient client = RawClient.open(simulator, PATH)) {
            JsonObject answer = ask(
                    client,
                    "1",
                    "public/subscribe",
                    "{\"channels\":[\"ticker.BTC-PERPETUAL.100ms\","
                            + "\"bogus.channel\",\"book.BTC-PERPETUAL.100ms\",\"user.changes.any.any.raw\",\"trades..100ms\"]}");
            assertThat(answer.getAsJsonArray("result"))
                    .extracting(e -> e.getAsString())
                    .containsExactlyInAnyOrder("ticker.BTC-PERPETUAL.100ms", "book.BTC-PERPETUAL.100ms");
            JsonObject snapshot = data(client.textWith("\"snapshot\""));
            assertThat(snapshot.has("prev_change_id")).isFalse();
            assertThat(snapshot.has("seq")).isFalse();
            long last = snapshot.get("change_id").getAsLong();
            for (int i = 0; i < 3; i++) {
                JsonObject change = data(client.textWith("\"change\",\"timestamp\""));
                assertThat(change.get("prev_change_id").getAsLong()).isEqualTo(last);
                last = change.get("change_id").getAsLong();
            }
            ask(client, "2", "public/subscribe", "{\"channels\":[\"book.BTC-PERPETUAL.100ms\"]}");
            assertThat(client.textWith("book.BTC-PERPETUAL.100ms")).doesNotContain("snapshot");
            assertThat(ask(client, "3", "public/unsubscribe", "{\"channels\":[\"book.BTC-PERPETUAL.100ms\",\"x\"]}")
                            .get("result")
                            .toString())
                    .isEqualTo("[\"book.BTC-PERPETUAL.100ms\"]");
            assertThat(simulator.deribit().state(1).subscriptions()).containsExactly("ticker.BTC-PERPETUAL.100ms");
            assertThat(ask(client, "4", "public/unsubscribe_all", "{}")
                            .get("result")
                            .getAsString())
                    .isEqualTo("ok");
            assertThat(simulator.data().subscribers("ticker.BTC-PERPETUAL.100ms"))
                    .isZero();
        }
    }

    private static JsonObject data(String notification) {
        return JsonParser.parseString(notification)
                .getAsJsonObject()
                .getAsJsonObject("params")
                .getAsJsonObject("data");
    }

    @Test
    void everyKindOfChannelIsJsonWithItsNumber() throws IOException {
        try (RawClient client = RawClient.open(simulator, PATH)) {
            for (String channel : List.of(
                    "book.BTC-PERPETUAL.none.20.100ms",
                    "trades.BTC-PERPETUAL.100ms",
                    "ticker.BTC-PERPETUAL.100ms",
                    "quote.BTC-PERPETUAL",
                    "perpetual.BTC-PERPETUAL.100ms",
                    "deribit_price_index.btc_usd",
                    "chart.trades.BTC-PERPETUAL.1",
                    "platform_state")) {
                ask(client, "1", "public/subscribe", "{\"channels\":[\"" + channel + "\"]}");
                String text = client.textWith("\"channel\":\"" + channel + "\"");
                assertThat(JsonParser.parseString(text).toString()).contains("\"seq\":1,\"ns\":");
                ask(client, "2", "public/unsubscribe_all", "{}");
            }
        }
    }

    @Test
    void logsIn() throws IOException {
        String raw = "{\"channels\":[\"ticker.BTC-PERPETUAL.raw\",\"platform_state\"]}";
        try (RawClient client = RawClient.open(simulator, PATH)) {
            assertThat(error(client, "1", "public/subscribe", raw)).isEqualTo(13778);
            assertThat(simulator.deribit().state(1).subscriptions()).isEmpty();
            assertThat(error(client, "2", "private/subscribe", "{\"channels\":[\"user.portfolio.btc\"]}"))
                    .isEqualTo(13009);
            assertThat(
                            error(
                                    client,
                                    "3",
                                    "public/auth",
                                    "{\"grant_type\":\"client_credentials\",\"client_id\":\"simulator\",\"client_secret\":\"wrong\"}"))
                    .isEqualTo(13004);
            JsonObject login = ask(
                            client,
                            "4",
                            "public/auth",
                            "{\"grant_type\":\"client_credentials\","
                                    + "\"client_id\":\"simulator\",\"client_secret\":\"simulator-secret\",\"scope\":\"session:a\",\"state\":\"s\"}")
                    .getAsJsonObject("result");
            assertThat(login.get("expires_in").getAsLong()).isEqualTo(900);
            assertThat(login.get("token_type").getAsString()).isEqualTo("bearer");
            assertThat(login.get("scope").getAsString()).isEqualTo("session:a");
            assertThat(ask(client, "5", "private/subscribe", "{\"channels\":[\"user.portfolio.btc\"]}")
                            .get("result")
                            .toString())
                    .isEqualTo("[\"user.portfolio.btc\"]");
            assertThat(ask(client, "6", "public/subscribe", raw).getAsJsonArray("result"))
                    .hasSize(2);
            String refresh = login.get("refresh_token").getAsString();
            assertThat(ask(
                                    client,
                                    "7",
                                    "public/auth",
                                    "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"" + refresh + "\"}")
                            .has("result"))
                    .isTrue();
            assertThat(error(
                            client,
                            "8",
                            "public/auth",
                            "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"" + refresh + "\"}"))
                    .isEqualTo(13009);
            // HMAC-SHA256 of "1000\nn\nd" with the default secret, made with openssl
            assertThat(ask(
                                    client,
                                    "9",
                                    "public/auth",
                                    "{\"grant_type\":\"client_signature\",\"client_id\":\"simulator\","
                                            + "\"timestamp\":1000,\"nonce\":\"n\",\"data\":\"d\",\"signature\":\"7a264d9bf6cb10a599115a9c5492ba6de3612a536af030fa1c8509eeebc2bea8\"}")
                            .has("result"))
                    .isTrue();
            assertThat(ask(client, "10", "private/enable_cancel_on_disconnect", "{}")
                            .get("result")
                            .getAsString())
                    .isEqualTo("ok");
            client.text(request("11", "private/logout", "{}"));
            assertThat(client.closeFrame().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void withholdsWhatItIsTold() throws IOException {
        Faults faults = simulator.faults().on(PATH);
        faults.withholdTestRequests();
        try (RawClient client = RawClient.open(simulator, PATH)) {
            assertThat(ask(client, "1", "public/set_heartbeat", "{\"interval\":10}")
                            .has("result"))
                    .isTrue();
            assertThat(client.textWith("heartbeat")).contains("\"type\":\"heartbeat\"");
            assertThat(client.textWith("heartbeat")).contains("\"type\":\"heartbeat\"");
            assertThat(simulator.deribit().state(1).testRequestsSent()).isZero();
            faults.clear();
            client.textWith("test_request");

            faults.failRequests("public/test", 10028, "too_many_requests");
            assertThat(error(client, "2", "public/test", "{}")).isEqualTo(10028);
            assertThat(simulator.deribit().state(1).testRequestsAnswered()).isZero();
            faults.clear();
            faults.withholdAnswers("public/hello");
            client.text(request("3", "public/hello", "{}"));
            assertThat(ask(client, "4", "public/test", "{}").has("result")).isTrue();
            faults.clear();
            assertThat(ask(client, "5", "public/hello", "{}").has("result")).isTrue();

            simulator.faults().onOpen().withholdHeartbeats();
            int open = simulator.session(1).orElseThrow().number();
            long before = simulator.deribit().state(open).testRequestsSent();
            try (RawClient other = RawClient.open(simulator, PATH)) {
                ask(other, "1", "public/set_heartbeat", "{\"interval\":10}");
                other.textWith("test_request"); // a later connection is not meant
            }
            assertThat(simulator.deribit().state(open).testRequestsSent()).isEqualTo(before);
        }
    }
}
