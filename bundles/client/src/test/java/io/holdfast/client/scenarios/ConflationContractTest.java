// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.transport.Secret;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A slow listener of channels that are conflated, at the simulated Deribit. */
class ConflationContractTest {
    private static final String TICKER = "ticker.BTC-PERPETUAL.100ms";
    private static final String BOOK = "book.BTC-PERPETUAL.raw";

    private final Simulator simulator = Simulator.start(SimulatorOptions.builder()
            .heartbeatUnit(Duration.ofMillis(500))
            .rate(200)
            .client("tester", "planted")
            .build());
    private final House house = new House();
    private final CountDownLatch go = new CountDownLatch(1);
    private final Queue<Continuity> events = new ConcurrentLinkedQueue<>();
    private final MessageListener slow = new MessageListener() {
        @Override
        public void onMessage(Message message) {
            try {
                go.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onContinuity(Continuity event) {
            events.add(event);
        }
    };

    @AfterEach
    void stop() {
        go.countDown();
        house.close();
        simulator.close();
    }

    private ClientOptions.Builder options(String conflate) {
        house.services
                .credentials()
                .add(name -> Map.of(
                        "exchange.client.id", Secret.of("tester".toCharArray()),
                        "exchange.client.secret", Secret.of("planted".toCharArray())));
        return quick(simulator.uri("/ws/api/v2"))
                .heartbeat("deribit", Map.of("interval", "5s", "unit", "500ms", "round.trip", "10s"))
                .exchange("deribit", Map.of("auth", "client_credentials"))
                .option("credentials", "any")
                .option("exchange.channels", List.of(TICKER, BOOK))
                .option("conflate", conflate);
    }

    private Exchange open(ClientOptions.Builder options) throws Exception {
        WebSocketClient client = house.unsupervised.open(options.build(), slow);
        get(client.opened());
        until("a queue", () -> client.metrics().queued() > 100);
        go.countDown();
        until("an empty queue", () -> client.metrics().queued() < 20);
        return client.exchange().orElseThrow();
    }

    @Test
    @DisplayName("* conflates what is not numbered: counted, no gap, and every change of the book arrives")
    void allThatIsNotNumbered() throws Exception {
        Exchange exchange = open(options("*"));
        assertThat(exchange.conflated().keySet()).containsExactly(TICKER);
        assertThat(exchange.conflated().get(TICKER)).isPositive();
        assertThat(events).noneMatch(e -> e instanceof Continuity.Gap);
    }

    @Test
    @DisplayName("a numbered channel is refused by name, shown in health, unless it is asked for")
    void aNumberedChannelIsRefusedByName() throws Exception {
        WebSocketClient client = house.unsupervised.open(options(BOOK).build(), slow);
        get(client.opened());
        until(
                "a finding",
                () -> client.health().findings().stream().anyMatch(f -> f.contains(BOOK) && f.contains("conflate")));
        assertThat(client.exchange().orElseThrow().conflated()).isEmpty();
        go.countDown();
    }

    @Test
    @DisplayName("conflate.sequenced takes numbered channels, too")
    void aNumberedChannelThatWasAskedFor() throws Exception {
        Exchange exchange = open(options(BOOK).option("conflate.sequenced", "true"));
        assertThat(exchange.conflated().get(BOOK)).isPositive();
    }

    @Test
    @DisplayName("without exchange plugin or with direct delivery it is refused by name")
    void whereItCannotBeItIsRefused() {
        assertThatThrownBy(() -> quick(simulator.uri("/generic/x"))
                        .option("conflate", "*")
                        .build())
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("conflate");
        assertThatThrownBy(() -> options("*").option("delivery", "direct").build())
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("conflate");
    }
}
