// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits, log-ins and faults of the simulated Deribit; the table of the README names these tests. */
class DeribitLimitsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PATH = "/ws/api/v2";
    private static final String BOOK = "book.BTC-PERPETUAL.100ms";

    private final List<Simulator> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(Simulator::close);
    }

    private Simulator start(SimulatorOptions.Builder options) {
        Simulator simulator = Simulator.start(options.build());
        started.add(simulator);
        return simulator;
    }

    private Simulator start() {
        return start(SimulatorOptions.builder().rate(50));
    }

    private static JsonObject ask(RawClient client, int id, String method, String params) throws IOException {
        String request =
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
        return JsonParser.parseString(client.ask(request, "\"id\":" + id + ",")).getAsJsonObject();
    }

    private static int error(RawClient client, int id, String method, String params) throws IOException {
        return ask(client, id, method, params)
                .getAsJsonObject("error")
                .get("code")
                .getAsInt();
    }

    private static void send(RawClient client, int id, String method, String params) throws IOException {
        client.text("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    private static JsonObject login(RawClient client, int id, String scope) throws IOException {
        return ask(
                        client,
                        id,
                        "public/auth",
                        "{\"grant_type\":\"client_credentials\",\"client_id\":\"simulator\","
                                + "\"client_secret\":\"simulator-secret\",\"scope\":\"" + scope + "\"}")
                .getAsJsonObject("result");
    }

    private static JsonObject data(String notification) {
        return JsonParser.parseString(notification)
                .getAsJsonObject()
                .getAsJsonObject("params")
                .getAsJsonObject("data");
    }

    // -- limits ------------------------------------------------------------------------------------------------------

    @Test
    void callsAboveTheCreditsGet10028AndTheConnectionEnds() throws IOException {
        Simulator simulator = start(SimulatorOptions.builder().deribitCredits(true));
        try (RawClient client = RawClient.open(simulator, PATH)) {
            for (int i = 1; i <= 1_000; i++) {
                send(client, i, "public/subscribe", "{\"channels\":[]}");
            }
            String refused = client.textWith("\"error\"");
            assertThat(refused).contains("10028", "too_many_requests");
            assertThat(JsonParser.parseString(refused)
                            .getAsJsonObject()
                            .get("id")
                            .getAsInt())
                    .isGreaterThan(10);
        }
        assertThat(simulator.awaitEnd(1, LIMIT).endDetail()).isEqualTo("out of credits");
    }

    @Test
    void creditsAreNotCountedUnlessAsked() throws IOException {
        try (RawClient client = RawClient.open(start(), PATH)) {
            for (int i = 1; i <= 300; i++) {
                send(client, i, "public/test", "{}");
            }
            assertThat(client.textWith("\"id\":300,")).contains("result");
        }
    }

    @Test
    void theThirtyThirdConnectionGets429() throws IOException {
        Simulator simulator = start(SimulatorOptions.builder().connectionLimit(32));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                clients.add(RawClient.open(simulator, PATH));
            }
            try (RawClient one = new RawClient(RawClient.tcp(simulator))) {
                assertThat(one.upgrade(PATH, "")).startsWith("HTTP/1.1 429 ");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aSlowReaderIsToldAndDropped() throws IOException {
        Simulator simulator =
                start(SimulatorOptions.builder().maxPending(200_000).sendBuffer(16_384));
        try (Socket socket = RawClient.tcp(simulator, 16_384);
                RawClient client = new RawClient(socket)) {
            client.upgrade(PATH, "");
            ask(client, 1, "public/subscribe", "{\"channels\":[\"" + BOOK + "\"]}");
            simulator.data().rate(20_000);
            AcceptRecord end = simulator.awaitEnd(1, LIMIT);
            assertThat(end.endDetail()).startsWith("slow reader");
            assertThat(client.textWith("connection_too_slow")).doesNotContain("\"id\"");
        }
    }

    @Test
    void aClientIsCalledTooSlowOnDemand() throws IOException {
        Simulator simulator = start();
        try (RawClient client = RawClient.open(simulator, PATH)) {
            assertThat(simulator.faults().tooSlow().connections()).containsExactly(1);
            client.textWith("connection_too_slow");
            assertThat(client.in.read()).isEqualTo(-1);
        }
    }

    // -- log-ins -----------------------------------------------------------------------------------------------------

    @Test
    void manyRefusedLoginsAreOverTheLimit() throws IOException {
        String wrong = "{\"grant_type\":\"client_credentials\",\"client_id\":\"simulator\",\"client_secret\":\"no\"}";
        try (RawClient client = RawClient.open(start(), PATH)) {
            for (int i = 1; i <= 10; i++) {
                assertThat(error(client, i, "public/auth", wrong)).isEqualTo(13004);
            }
            assertThat(error(client, 11, "public/auth", wrong)).isEqualTo(12003);
            assertThat(ask(
                                    client,
                                    12,
                                    "public/auth",
                                    "{\"grant_type\":\"client_credentials\",\"client_id\":\"simulator\","
                                            + "\"client_secret\":\"simulator-secret\"}")
                            .getAsJsonObject("error")
                            .get("message")
                            .getAsString())
                    .isEqualTo("login_over_limit");
        }
    }

    @Test
    void aTokenOfOneConnectionIsWorthNothingOnAnother() throws IOException {
        Simulator simulator = start();
        try (RawClient one = RawClient.open(simulator, PATH);
                RawClient two = RawClient.open(simulator, PATH)) {
            String own = token(login(one, 1, "connection"));
            assertThat(ask(one, 2, "private/get_positions", own).has("result")).isTrue();
            assertThat(error(two, 2, "private/get_positions", own)).isEqualTo(13009);
            JsonObject session = login(one, 3, "session:main trade:read");
            assertThat(ask(two, 4, "private/get_positions", token(session)).has("result"))
                    .isTrue();
            assertThat(ask(
                                    two,
                                    5,
                                    "public/auth",
                                    "{\"grant_type\":\"refresh_token\",\"refresh_token\":"
                                            + session.get("refresh_token") + "}")
                            .has("result"))
                    .isTrue();
            assertThat(error(one, 6, "private/get_positions", token(session))).isEqualTo(13009);
        }
    }

    private static String token(JsonObject login) {
        return "{\"access_token\":" + login.get("access_token") + "}";
    }

    @Test
    void theSeventeenthSessionPushesOutTheOldest() throws IOException {
        Simulator simulator = start();
        try (RawClient client = RawClient.open(simulator, PATH);
                RawClient other = RawClient.open(simulator, PATH)) {
            List<JsonObject> sessions = new ArrayList<>();
            for (int i = 1; i <= 17; i++) {
                sessions.add(login(client, i, "session:s" + i));
            }
            assertThat(error(other, 1, "private/get_positions", token(sessions.get(0))))
                    .isEqualTo(13009);
            assertThat(ask(other, 2, "private/get_positions", token(sessions.get(1)))
                            .has("result"))
                    .isTrue();
        }
    }

    @Test
    void aLoginEndsAfterItsLifeAndIsRenewedByItsToken() throws IOException {
        Simulator simulator = start(SimulatorOptions.builder().expiresIn(1));
        try (RawClient client = RawClient.open(simulator, PATH)) {
            JsonObject login = login(client, 1, "");
            long until = System.nanoTime() + LIMIT.toNanos();
            int id = 1;
            while (ask(client, ++id, "private/get_positions", "{}").has("result")) {
                assertThat(System.nanoTime()).isLessThan(until);
            }
            assertThat(simulator.deribit().state(1).authenticated()).isFalse();
            JsonObject again = ask(
                    client,
                    ++id,
                    "public/auth",
                    "{\"grant_type\":\"refresh_token\",\"refresh_token\":" + login.get("refresh_token") + "}");
            assertThat(again.getAsJsonObject("result").get("refresh_token")).isNotEqualTo(login.get("refresh_token"));
        }
    }

    @Test
    void cancelOnDisconnectStrikesUnlessLoggedOut() throws IOException {
        Simulator simulator = start();
        try (RawClient cut = RawClient.open(simulator, PATH);
                RawClient out = RawClient.open(simulator, PATH)) {
            for (RawClient client : List.of(cut, out)) {
                login(client, 1, "");
                ask(client, 2, "private/enable_cancel_on_disconnect", "{\"scope\":\"connection\"}");
                assertThat(ask(client, 3, "private/get_cancel_on_disconnect", "{}")
                                .getAsJsonObject("result")
                                .get("enabled")
                                .getAsBoolean())
                        .isTrue();
            }
            send(out, 4, "private/logout", "{}");
            out.closeFrame();
            simulator.faults().on(1).reset();
        }
        assertThat(simulator.deribit().cancelsOnDisconnect()).isEqualTo(1);
    }

    // -- faults ------------------------------------------------------------------------------------------------------

    @Test
    void aGapAndADuplicate() throws IOException {
        Simulator simulator = start();
        try (RawClient client = RawClient.open(simulator, PATH)) {
            ask(client, 1, "public/subscribe", "{\"channels\":[\"" + BOOK + "\"]}");
            client.textWith("snapshot");
            JsonObject before = data(client.textWith("\"change\""));
            simulator.faults().gap(BOOK, 2);
            JsonObject after;
            long last = before.get("seq").getAsLong();
            do {
                after = data(client.textWith("\"change\""));
                if (after.get("seq").getAsLong() == last + 1) {
                    assertThat(after.get("prev_change_id")).isEqualTo(before.get("change_id"));
                    last++;
                    before = after;
                }
            } while (after == before);
            assertThat(after.get("seq").getAsLong()).isEqualTo(last + 3);
            assertThat(after.get("prev_change_id").getAsLong())
                    .isGreaterThan(before.get("change_id").getAsLong());
            assertThat(simulator.data().notWritten(BOOK, 1, last + 3)).isNotEmpty();

            simulator.faults().duplicate(BOOK);
            String one = client.textWith("\"change\"");
            String two = client.textWith("\"change\"");
            while (!one.equals(two)) {
                one = two;
                two = client.textWith("\"change\"");
            }
            assertThat(client.textWith("\"change\"")).isNotEqualTo(two);
        }
    }

    @Test
    void answersAreLostReorderedAndSkewed() throws IOException {
        Simulator simulator = start(SimulatorOptions.builder().rate(50).heartbeatUnit(Duration.ofSeconds(10)));
        try (RawClient client = RawClient.open(simulator, PATH)) {
            Faults faults = simulator.faults().on(PATH);
            faults.loseAnswers("public/set_heartbeat");
            send(client, 1, "public/set_heartbeat", "{\"interval\":10}");
            assertThat(ask(client, 2, "public/test", "{}").has("result")).isTrue();
            assertThat(simulator.deribit().state(1).setHeartbeats()).isEqualTo(1);
            faults.clear();

            faults.reorderAnswers();
            for (int id = 3; id <= 6; id++) {
                send(client, id, "public/test", "{}");
            }
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                order.add(JsonParser.parseString(client.textWith("version"))
                        .getAsJsonObject()
                        .get("id")
                        .getAsInt());
            }
            assertThat(order).containsExactly(4, 3, 6, 5);
            faults.clear();

            faults.clockSkew(Duration.ofHours(-3));
            long there = ask(client, 7, "public/get_time", "{}").get("result").getAsLong();
            assertThat(System.currentTimeMillis() - there)
                    .isGreaterThanOrEqualTo(Duration.ofHours(3).toMillis());
            assertThat(ask(client, 8, "public/test", "{}").get("usOut").getAsLong() / 1000)
                    .isLessThan(System.currentTimeMillis() - Duration.ofHours(2).toMillis());
        }
    }

    @Test
    void aKnownChannelIsLeftOutOnDemand() throws IOException {
        Simulator simulator = start();
        try (RawClient client = RawClient.open(simulator, PATH)) {
            simulator.faults().leaveOut(BOOK);
            JsonArray accepted = ask(
                            client, 1, "public/subscribe", "{\"channels\":[\"" + BOOK + "\",\"platform_state\"]}")
                    .getAsJsonArray("result");
            assertThat(accepted).hasSize(1);
            simulator.faults().clear();
            assertThat(ask(client, 2, "public/subscribe", "{\"channels\":[\"" + BOOK + "\"]}")
                            .getAsJsonArray("result"))
                    .hasSize(1);
        }
    }

    @Test
    void maintenanceIsToldThenClosesAndRefuses() throws IOException {
        Simulator simulator = start();
        try (RawClient client = RawClient.open(simulator, PATH);
                RawClient other = RawClient.open(simulator, "/generic/echo")) {
            ask(client, 1, "public/subscribe", "{\"channels\":[\"platform_state\"]}");
            Fault fault = simulator.faults().maintenance(Duration.ofSeconds(4));
            assertThat(fault.connections()).containsExactly(1);
            assertThat(client.textWith("maintenance")).contains("\"maintenance\":true");
            assertThat(client.closeFrame().closeCode()).isEqualTo(1001);
            assertThat(other.ask("still here", "still here")).isNotEmpty();
        }
        String head;
        boolean refused = false;
        long until = System.nanoTime() + LIMIT.toNanos();
        do {
            try (RawClient again = new RawClient(RawClient.tcp(simulator))) {
                head = again.upgrade(PATH, "");
            }
            refused |= head.startsWith("HTTP/1.1 503 ");
            assertThat(System.nanoTime()).isLessThan(until);
        } while (!head.startsWith("HTTP/1.1 101 "));
        assertThat(refused).isTrue();
    }

    @Test
    void numbersAreAwkward() throws IOException {
        try (RawClient client = RawClient.open(start(), PATH)) {
            ask(client, 1, "public/subscribe", "{\"channels\":[\"trades.BTC-PERPETUAL.100ms\",\"" + BOOK + "\"]}");
            assertThat(client.textWith("snapshot")).contains("1.0002e6");
            String trade = client.textWith("trade_id");
            assertThat(trade).contains("2.2e3");
            assertThat(JsonParser.parseString(trade)
                            .getAsJsonObject()
                            .getAsJsonObject("params")
                            .getAsJsonArray("data")
                            .get(0)
                            .getAsJsonObject()
                            .get("trade_id")
                            .getAsLong())
                    .isGreaterThan(1L << 53);
        }
    }

    @Test
    void twoSimulatorsListenOnTwoAddresses() throws IOException {
        Simulator first = start();
        Simulator second =
                start(SimulatorOptions.builder().port(first.port()).address(InetAddress.getByName("127.0.0.2")));
        assertThat(second.port()).isEqualTo(first.port());
        assertThat(second.uri(PATH).getHost()).isEqualTo("127.0.0.2");
        try (Socket socket = new Socket("127.0.0.2", second.port());
                RawClient client = new RawClient(socket)) {
            assertThat(client.upgrade(PATH, "")).startsWith("HTTP/1.1 101 ");
        }
        assertThat(second.accepts()).isEqualTo(1);
        assertThat(first.accepts()).isZero();
    }
}
