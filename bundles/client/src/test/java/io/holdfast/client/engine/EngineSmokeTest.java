// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EngineSmokeTest {
    private static final String SUBSCRIBE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"ticker.BTC-PERPETUAL.100ms\"]}}";

    @Test
    void holdsADeribitConnectionThroughAReset() throws Exception {
        List<String> texts = new CopyOnWriteArrayList<>();
        List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
        try (Simulator simulator = Simulator.start(SimulatorOptions.builder()
                        .heartbeatUnit(Duration.ofMillis(200))
                        .rate(100)
                        .build());
                Rig rig = new Rig()) {
            WebSocketClient client = rig.unsupervised.open(
                    ClientOptions.uri(simulator.uri("/ws/api/v2").toString())
                            .id("deribit")
                            .heartbeat("deribit", Map.of("interval", "2s", "unit", "200ms"))
                            .openMessage(SUBSCRIBE, "\"id\":1")
                            .build(),
                    m -> texts.add(m.text()),
                    events::add);
            client.opened().toCompletableFuture().get(10, SECONDS);
            await().atMost(20, SECONDS).until(() -> simulator.deribit().testRequestsAnswered() >= 3);
            assertThat(texts).isNotEmpty().noneMatch(t -> t.contains("test_request"));

            simulator.faults().on("/ws/api/v2").reset();

            await().atMost(20, SECONDS).until(() -> simulator.accepts() == 2 && client.state() == ClientState.READY);
            long before = texts.size();
            await().atMost(20, SECONDS).until(() -> texts.size() > before + 5);
            client.close().toCompletableFuture().get(10, SECONDS);
            assertThat(client.state()).isEqualTo(ClientState.CLOSED);
            simulator.awaitNoneOpen(Duration.ofSeconds(10));
            assertThat(events)
                    .extracting(ConnectionEvent::number)
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
    }
}
