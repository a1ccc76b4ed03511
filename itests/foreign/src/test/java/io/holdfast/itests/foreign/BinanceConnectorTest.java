// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.binance.connector.client.impl.WebSocketStreamClientImpl;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Binance's own connector for Java. */
class BinanceConnectorTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void readsStreamsAnswersPingsAndTellsOfACut() {
        List<String> texts = new CopyOnWriteArrayList<>();
        List<String> ends = new CopyOnWriteArrayList<>();
        try (Simulator simulator = Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(Duration.ofMillis(50))
                .rate(20)
                .build())) {
            WebSocketStreamClientImpl client = new WebSocketStreamClientImpl("ws://127.0.0.1:" + simulator.port());
            try {
                client.combineStreams(
                        new ArrayList<>(List.of("btcusdt@aggTrade", "btcusdt@depth")),
                        response -> {},
                        texts::add,
                        (code, reason) -> ends.add("closing " + code),
                        (code, reason) -> ends.add("closed " + code),
                        (failure, response) -> ends.add("failed " + failure));
                Session first = simulator.awaitOpen(1, LIMIT).get(0);
                await("events of both streams")
                        .atMost(LIMIT)
                        .until(() -> texts.stream().anyMatch(t -> t.contains("\"stream\":\"btcusdt@aggTrade\""))
                                && texts.stream().anyMatch(t -> t.contains("\"stream\":\"btcusdt@depth\"")));
                await("three right pongs")
                        .atMost(LIMIT)
                        .until(() -> simulator.binance().state(1).pongsMatched() >= 3);
                assertThat(first.isOpen()).isTrue();

                simulator.faults().reset();
                await("the failure is told").atMost(LIMIT).until(() -> !ends.isEmpty());
            } finally {
                client.closeAllConnections();
            }
            System.out.println("binance-connector-java: " + texts.size() + " events, ends " + ends + ", accepts "
                    + simulator.accepts());
        }
    }
}
