// SPDX-License-Identifier: Apache-2.0
package io.holdfast.examples.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.transport.Secret;
import io.holdfast.client.Holdfast;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The strategy against the simulated Deribit: set up, cut twice, each time reconciled before it may trade again. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class DeribitStrategyIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void reconcilesAfterEachLoss() throws Exception {
        try (Simulator simulator = Simulator.start(SimulatorOptions.builder()
                        .heartbeatUnit(Duration.ofMillis(200))
                        .rate(50)
                        .client("strategist", "planted")
                        .build());
                Holdfast holdfast = Holdfast.start()) {
            holdfast.addCredentials(name -> Map.of(
                    "exchange.client.id", Secret.of("strategist".toCharArray()),
                    "exchange.client.secret", Secret.of("planted".toCharArray())));
            ClientOptions options = DeribitStrategy.options(
                            simulator.uri("/ws/api/v2").toString())
                    .heartbeat("deribit", Map.of("interval", "2s", "unit", "200ms", "round.trip", "10s"))
                    .option("reconnect.floor", "50ms")
                    .option("reconnect.initial", "50ms")
                    .option("plugin.limit", "10s")
                    .build();
            try (DeribitStrategy strategy = new DeribitStrategy(holdfast, options)) {
                for (int connection = 1; connection <= 3; connection++) {
                    int expected = connection;
                    await().atMost(LIMIT).until(() -> strategy.reconciliations() == expected && strategy.mayTrade());
                    long changes = strategy.bookChanges();
                    long trades = strategy.trades();
                    await().atMost(LIMIT).until(() -> strategy.bookChanges() > changes && strategy.trades() > trades);
                    assertThat(simulator.deribit().state(connection).subscriptions())
                            .isEqualTo(Set.of(
                                    "book.BTC-PERPETUAL.raw",
                                    "trades.BTC-PERPETUAL.raw",
                                    "user.orders.BTC-PERPETUAL.raw"));
                    if (connection < 3) {
                        simulator.faults().refuse();
                        simulator.faults().reset();
                        await().atMost(LIMIT).until(() -> !strategy.mayTrade());
                        simulator.faults().accept();
                    }
                }
                assertThat(strategy.client().exchange().orElseThrow().loggedIn())
                        .isTrue();
                assertThat(strategy.toString()).contains("READY").doesNotContain("planted");
            }
            assertThat(simulator.acceptLog())
                    .filteredOn(a -> a.closeCode() == 1000)
                    .hasSize(1);
        }
    }
}
