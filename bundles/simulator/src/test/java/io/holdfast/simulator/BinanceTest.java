// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.simulator.AcceptRecord.End;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BinanceTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Simulator simulator = start(Duration.ofSeconds(1), 0);

    private static Simulator start(Duration unit, int messageLimit) {
        return Simulator.start(SimulatorOptions.builder()
                .rate(50)
                .heartbeatUnit(unit)
                .binanceMessageLimit(messageLimit)
                .build());
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private void restart(Duration unit, int messageLimit) {
        simulator.close();
        simulator = start(unit, messageLimit);
    }

    @Test
    void streamsOfTheUrlBareAndCombined() throws IOException {
        try (RawClient bare = RawClient.open(simulator, "/ws/btcusdt@aggTrade");
                RawClient combined =
                        RawClient.open(simulator, "/stream?streams=btcusdt@depth@100ms/ethusdt%40bookTicker")) {
            assertThat(bare.textWith("aggTrade"))
                    .startsWith("{\"e\":\"aggTrade\",\"E\":")
                    .contains("\"s\":\"BTCUSDT\"");
            assertThat(combined.textWith("depthUpdate"))
                    .startsWith("{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":");
            assertThat(combined.textWith("ethusdt@bookTicker"))
                    .contains("\"s\":\"ETHUSDT\"")
                    .contains("\"seq\":");
            long last = 0;
            for (int i = 0; i < 3; i++) {
                JsonObject update = JsonParser.parseString(combined.textWith("depthUpdate"))
                        .getAsJsonObject()
                        .getAsJsonObject("data");
                if (last != 0) {
                    assertThat(update.get("U").getAsLong()).isEqualTo(last + 1);
                }
                last = update.get("u").getAsLong();
            }
            assertThat(simulator.binance().state(2).subscriptions())
                    .containsExactlyInAnyOrder("btcusdt@depth@100ms", "ethusdt@bookTicker");
        }
    }

    @Test
    void theLiveSubscribeProtocolWordForWord() throws IOException {
        try (RawClient client = RawClient.open(simulator, "/ws")) {
            assertThat(reply(
                            client,
                            "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\",\"nobody@nothing\"],\"id\":1}"))
                    .isEqualTo("{\"result\":null,\"id\":1}");
            assertThat(client.textWith("seq")).startsWith("{\"e\":\"trade\"");
            assertThat(reply(client, "{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":\"three\"}"))
                    .isEqualTo("{\"result\":[\"btcusdt@trade\",\"nobody@nothing\"],\"id\":\"three\"}");
            assertThat(reply(client, "{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\"],\"id\":2}"))
                    .isEqualTo("{\"result\":false,\"id\":2}");
            assertThat(reply(client, "{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",true],\"id\":5}"))
                    .isEqualTo("{\"result\":null,\"id\":5}");
            assertThat(client.textWith("\"stream\""))
                    .startsWith("{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\"");
            assertThat(reply(client, "{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":null}"))
                    .isEqualTo("{\"result\":null,\"id\":null}");
            assertThat(simulator.data().subscribers("btcusdt@trade")).isZero();

            assertThat(reply(client, "{\"method\":\"GET_PROPERTY\",\"params\":[\"x\"],\"id\":8}"))
                    .isEqualTo("{\"code\":0,\"msg\":\"Unknown property\",\"id\":8}");
            assertThat(reply(client, "{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",1],\"id\":8}"))
                    .isEqualTo("{\"code\":1,\"msg\":\"Invalid value type: expected Boolean\"}");
            assertThat(reply(client, "{\"method\":\"SUBSCRIBE\",\"params\":[1],\"id\":8}"))
                    .isEqualTo("{\"code\":2,\"msg\":\"Invalid request: property name must be a string\"}");
            assertThat(reply(client, "{\"method\":\"SUBSCRIBE\",\"params\":[],\"id\":1.5}"))
                    .isEqualTo("{\"code\":2,\"msg\":\"Invalid request: request ID must be an unsigned integer\"}");
            assertThat(reply(client, "{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\",1],\"id\":8}"))
                    .isEqualTo("{\"code\":2,\"msg\":\"Invalid request: too many parameters\"}");
            assertThat(reply(client, "{\"method\":\"SUBSCRIBES\",\"id\":8}"))
                    .isEqualTo("{\"code\":2,\"msg\":\"Invalid request: "
                            + "unknown variant SUBSCRIBES, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, "
                            + "`SET_PROPERTY`, `GET_PROPERTY` at line 1 column 22\"}");
            assertThat(reply(client, "{\"id\":8}"))
                    .isEqualTo("{\"code\":2,\"msg\":\"Invalid request: missing field `method` at line 1 column 8\"}");
            assertThat(reply(client, "nonsense"))
                    .matches("\\{\"code\":3,\"msg\":\"Invalid JSON: expected value at line 1 column \\d+\"}");
        }
    }

    private static String reply(RawClient client, String request) throws IOException {
        client.text(request);
        return client.frame(f -> f.opcode() == 1 && !f.text().contains("\"seq\""))
                .text();
    }

    @Test
    void pingsWithAChangingPayloadAndCreditsTheRightPongOnly() throws IOException {
        restart(Duration.ofMillis(20), 0);
        try (RawClient client = RawClient.open(simulator, "/ws")) {
            byte[] last = null;
            for (int i = 0; i < 8; i++) { // well beyond the deadline of 60 units
                RawClient.Frame ping = client.frame(f -> f.opcode() == 9);
                assertThat(ping.payload()).isNotEmpty().isNotEqualTo(last);
                last = ping.payload();
                client.send(true, 10, new byte[0]);
                client.send(true, 10, last);
            }
            simulator.await("all pongs", () -> simulator.binance().state(1).pongsMatched() == 8, LIMIT);
            assertThat(simulator.binance().state(1).pongsUnsolicited()).isEqualTo(8);
            assertThat(simulator.binance().state(1).pingsSent()).isGreaterThanOrEqualTo(8);
            client.send(true, 9, "mine".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.frame(f -> f.opcode() == 10).text()).isEqualTo("mine");
        }
    }

    @Test
    void dropsAClientThatDoesNotPongRight() throws IOException {
        restart(Duration.ofMillis(20), 0);
        try (RawClient client = RawClient.open(simulator, "/ws")) {
            client.send(true, 10, "unsolicited".getBytes(StandardCharsets.US_ASCII));
            long opcodes = 0;
            int first;
            while ((first = client.in.read()) >= 0) {
                assertThat(first).as("a ping, never a close frame").isEqualTo(0x89);
                client.in.readNBytes(client.in.read());
                opcodes++;
            }
            assertThat(opcodes).isGreaterThanOrEqualTo(3);
        }
        AcceptRecord record = simulator.awaitEnd(1, LIMIT);
        assertThat(record.end()).isEqualTo(End.SERVER);
        assertThat(record.endDetail()).isEqualTo("no right pong");
        assertThat(record.endedNanos() - record.openedNanos()).isGreaterThanOrEqualTo(80 * 20_000_000L);
    }

    @Test
    void withheldPingsDoNotCome() throws IOException {
        restart(Duration.ofMillis(2), 0);
        simulator.faults().withholdHeartbeats();
        try (RawClient client = RawClient.open(simulator, "/ws/btcusdt@trade")) {
            for (int i = 0; i < 10; i++) { // 200 ms, five ping intervals
                assertThat(client.frame().opcode()).isEqualTo(1);
            }
        }
    }

    @Test
    void dropsAClientAboveTheMessageLimit() throws IOException {
        restart(Duration.ofSeconds(1), 5);
        try (RawClient client = RawClient.open(simulator, "/ws")) {
            client.text("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
            client.send(true, 9, new byte[0]);
            for (int i = 0; i < 4; i++) {
                client.send(true, 10, new byte[0]);
            }
            client.frame();
            client.frame();
            assertThat(client.in.read()).isEqualTo(-1);
        }
        assertThat(simulator.awaitEnd(1, LIMIT).endDetail()).isEqualTo("more than 5 messages in a second");
        assertThat(simulator.binance().state(1).messages()).isEqualTo(6);
    }

    @Test
    void announcesAShutdownInThreeShapes() throws IOException {
        try (RawClient bare = RawClient.open(simulator, "/ws");
                RawClient combined = RawClient.open(simulator, "/stream");
                RawClient api = RawClient.open(simulator, "/ws-api/v3")) {
            assertThat(simulator.faults().serverShutdown().connections()).containsExactly(1, 2, 3);
            assertThat(bare.frame().text()).matches("\\{\"e\":\"serverShutdown\",\"E\":\\d+}");
            assertThat(combined.frame().text())
                    .matches("\\{\"stream\":\"!serverShutdown\",\"data\":\\{\"e\":\"serverShutdown\",\"E\":\\d+}}");
            assertThat(api.frame().text()).matches("\\{\"event\":\\{\"e\":\"serverShutdown\",\"E\":\\d+}}");
            for (ShutdownShape shape : ShutdownShape.values()) {
                simulator.faults().on("/ws").serverShutdown(shape);
            }
            assertThat(List.of(
                            bare.frame().text().substring(0, 5),
                            bare.frame().text().substring(0, 5),
                            bare.frame().text().substring(0, 5)))
                    .containsExactly("{\"e\":", "{\"str", "{\"eve");
        }
    }

    @Test
    void theWebSocketApiAnswersPing() throws IOException {
        try (RawClient client = RawClient.open(simulator, "/ws-api/v3")) {
            client.text("{\"id\":\"a\",\"method\":\"ping\"}");
            assertThat(client.frame().text())
                    .isEqualTo("{\"id\":\"a\",\"status\":200,\"result\":{},\"rateLimits\":[]}");
            client.text("{\"id\":2,\"method\":\"time\"}");
            assertThat(client.frame().text()).startsWith("{\"id\":2,\"status\":200,\"result\":{\"serverTime\":");
            client.text("{\"id\":3,\"method\":\"other\"}");
            assertThat(client.frame().text()).contains("\"status\":400");
            client.text("rubbish");
            assertThat(client.frame().text()).contains("\"id\":null,\"status\":400");
        }
    }

    @Test
    void aFuturesStreamOnTheWrongPathStaysSilent() throws IOException {
        try (RawClient market = RawClient.open(simulator, "/market/stream?streams=btcusdt@depth/btcusdt@aggTrade")) {
            market.textWith("aggTrade");
            assertThat(simulator.data().channels()).containsExactly("btcusdt@aggTrade");
        }
        try (RawClient open = RawClient.open(simulator, "/public/ws/btcusdt@depth")) {
            assertThat(open.frame().text()).contains("\"pu\":");
        }
    }
}
