// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Prepared;
import io.holdfast.client.sim.deribit.PreparingExchange;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A preparation that does not return, on real threads. */
class HungPreparationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void isCountedAndPutsThePluginOutOfUseUntilItIsReplaced() {
        try (Rig rig = new Rig()) {
            PreparingExchange hangs = new PreparingExchange("a").answering((uri, token) -> {
                awaitRelease();
                return null;
            });
            rig.services.exchanges().add(hangs, "deribit", "hangs", 0);
            WebSocketClient client = rig.unsupervised.open(
                    ClientOptions.uri("ws://127.0.0.1:1/")
                            .exchange("deribit", Map.of())
                            .option("connect.timeout", "50ms")
                            .option("exchange.wait", "50ms")
                            .option("reconnect.floor", "0ms")
                            .option("reconnect.initial", "10ms")
                            .option("reconnect.attempts", "0")
                            .option("initial.failure", "restart")
                            .build(),
                    message -> {});
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.health().findings().toString())
                            .contains("3 plugin calls hang")
                            .contains("quarantined after 3 faults: preparation of the exchange plugin took longer"));
            PreparingExchange sound = new PreparingExchange("b")
                    .answering((uri, token) -> CompletableFuture.completedFuture(
                            new Prepared.Failed(Failure.of("", "nothing to connect to", Failure.Act.NONE))));
            rig.services.exchanges().add(sound, "deribit", "sound", 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.health().lastCause().toString())
                            .contains("PREPARE: prepare:")
                            .contains("nothing to connect to"));
            release.countDown();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(client.health().findings().toString()).doesNotContain("hang"));
        } finally {
            release.countDown();
        }
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
