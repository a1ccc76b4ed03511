// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.transport.Secret;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.Upgrade;
import io.holdfast.transport.jetty.JettyTransport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain Java, as a user has it: transport and plugins found by ServiceLoader, a real server. */
class HoldfastTest {
    private static final String SUBSCRIBE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"ticker.BTC-PERPETUAL.100ms\"]}}";

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("holdfast-") && !t.getName().startsWith("holdfast-simulator"))
                .collect(Collectors.toSet());
    }

    @Test
    void holdsADeribitConnectionAndLeavesNothing() throws Exception {
        Set<Thread> before = threads();
        try (Simulator simulator = Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(Duration.ofMillis(200))
                .rate(100)
                .build())) {
            List<String> texts = new CopyOnWriteArrayList<>();
            WebSocketClient client;
            Holdfast holdfast = Holdfast.start();
            try (holdfast) {
                assertThat(holdfast.heartbeatTypes()).containsExactlyInAnyOrder("binance", "deribit", "generic");
                client = holdfast.clients()
                        .open(
                                ClientOptions.uri(simulator.uri("/ws/api/v2").toString())
                                        .heartbeat("deribit", Map.of("interval", "2s", "unit", "200ms"))
                                        .openMessage(SUBSCRIBE, "\"id\":1")
                                        .build(),
                                message -> texts.add(message.text()));
                client.opened().toCompletableFuture().get(20, SECONDS);
                await().atMost(20, SECONDS)
                        .until(() -> simulator.deribit().testRequestsAnswered() >= 2 && !texts.isEmpty());
                assertThat(client.health().heartbeat().type()).isEqualTo("deribit");
                assertThat(holdfast.clients().clients()).containsExactly(client);
            }
            holdfast.close();

            assertThat(client.state()).isEqualTo(ClientState.CLOSED);
            simulator.awaitNoneOpen(Duration.ofSeconds(20));
            assertThat(simulator.acceptLog())
                    .singleElement()
                    .satisfies(a -> assertThat(a.closeCode()).isEqualTo(1001));
            assertThat(holdfast.clients().clients()).isEmpty();
            assertThatThrownBy(() -> holdfast.clients()
                            .open(ClientOptions.uri("ws://localhost/").build(), m -> {}))
                    .isInstanceOf(IllegalStateException.class);
            await().atMost(20, SECONDS).until(() -> before.containsAll(threads()));
        }
    }

    @Test
    void aClientThatNeverOpenedFailsWithTheCauseAtClose() {
        Holdfast holdfast = Holdfast.start();
        WebSocketClient client =
                holdfast.clients().open(ClientOptions.uri("ws://127.0.0.1:1/").build(), m -> {});
        holdfast.close();
        assertThatThrownBy(() -> client.opened().toCompletableFuture().get(20, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ClientClosedException.class,
                        e -> assertThat(e.reason().kind()).isEqualTo(Cause.Kind.OWNER_GONE));
    }

    @Test
    void aCallOfAClientThatHasEndedFails() {
        Holdfast holdfast = Holdfast.start();
        WebSocketClient client = holdfast.clients()
                .open(
                        ClientOptions.uri("ws://127.0.0.1:1/")
                                .id("one")
                                .exchange("deribit", Map.of())
                                .build(),
                        m -> {});
        Exchange exchange = client.exchange().orElseThrow();
        holdfast.close();
        assertThatThrownBy(() -> exchange.call(Call.of("public/get_time", "{}"))
                        .toCompletableFuture()
                        .get(30, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(CallFailedException.class, e -> {
                    assertThat(e.outcome()).isEqualTo(CallFailedException.Outcome.NOT_SENT);
                    assertThat(e).hasMessage("client one, public/get_time: the client has ended");
                });
    }

    @Test
    void whatIsGivenIsUsedAndRemainsItsMakers() throws Exception {
        try (Simulator simulator = Simulator.start();
                JettyTransport transport = new JettyTransport()) {
            for (int i = 0; i < 2; i++) {
                try (Holdfast holdfast = Holdfast.start(transport, List.of())) {
                    holdfast.addCredentials(name -> {
                        if (!name.equals("main")) {
                            throw new IllegalArgumentException("not known");
                        }
                        return Map.of("header.X-Api-Id", Secret.of("canary".toCharArray()));
                    });
                    WebSocketClient client = holdfast.clients()
                            .open(
                                    ClientOptions.uri(simulator.uri("/generic").toString())
                                            .credentials("main")
                                            .build(),
                                    m -> {});
                    client.opened().toCompletableFuture().get(20, SECONDS);
                    assertThat(client.toString() + client.health() + client.metrics())
                            .doesNotContain("canary");
                }
            }
            assertThat(simulator.accepts()).isEqualTo(2);
        }
    }

    @Test
    void anIdIsTakenOnce() {
        try (Holdfast holdfast = Holdfast.start()) {
            ClientOptions options =
                    ClientOptions.uri("ws://127.0.0.1:1/").id("one").build();
            holdfast.clients().open(options, m -> {});
            assertThatThrownBy(() -> holdfast.clients().open(options, m -> {}))
                    .isInstanceOf(InvalidOptionException.class)
                    .hasMessageContaining("client.id");
        }
    }

    @Test
    void bansOutliveItWhereItHasADirectory(@TempDir Path state) throws Exception {
        int seconds = 3;
        try (Simulator simulator = Simulator.start(SimulatorOptions.builder().build())) {
            simulator.faults().upgrades(1, Upgrade.retryAfter(418, seconds));
            ClientOptions options =
                    ClientOptions.uri(simulator.uri("/generic/echo").toString()).build();
            try (Holdfast first = Holdfast.start(state)) {
                first.clients().open(options, message -> {});
                await().atMost(20, SECONDS).until(() -> Files.exists(state.resolve("bans.txt")));
            }
            try (Holdfast second = Holdfast.start(state)) {
                WebSocketClient client = second.clients().open(options, message -> {});
                client.opened().toCompletableFuture().get(30, SECONDS);
            }
            assertThat(simulator.acceptLog()).hasSize(2);
            assertThat(simulator.acceptLog().get(1).acceptedAt())
                    .isAfterOrEqualTo(simulator.acceptLog().get(0).acceptedAt().plusSeconds(seconds));
        }
    }
}
