// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.simulator.AcceptRecord.End;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("holdfast-simulator"))
                .count();
    }

    @Test
    void closeEndsThreadPortAndConnectionsAndKeepsTheAccounts() throws Exception {
        long before = threads();
        Simulator simulator = Simulator.start();
        int port = simulator.port();
        try (RawClient client = RawClient.open(simulator, "/generic/echo")) {
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> simulator.awaitAccepts(2, LIMIT));
            simulator.close();
            simulator.close();
            assertThat(threads()).isEqualTo(before);
            assertThatThrownBy(client.in::read).hasMessageContaining("reset");
            assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        }
        assertThat(simulator.acceptLog()).hasSize(1);
        assertThat(simulator.acceptLog().get(0).end()).isEqualTo(End.SERVER);
        assertThat(simulator.data().channels()).isEmpty();
        assertThatThrownBy(() -> simulator.faults().accept())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> simulator.awaitAccepts(2, LIMIT)).hasMessageContaining("closed");
        try (Simulator next =
                Simulator.start(SimulatorOptions.builder().port(port).build())) {
            assertThat(next.port()).isEqualTo(port);
            assertThatThrownBy(() -> Simulator.start(
                            SimulatorOptions.builder().port(port).build()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("127.0.0.1:" + port);
        }
        assertThat(threads()).isEqualTo(before);
    }

    @Test
    void waitingTellsTheSituation() {
        try (Simulator simulator = Simulator.start()) {
            assertThatThrownBy(() -> simulator.awaitOpen(3, Duration.ofMillis(50)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no 3 open connections within PT0.05S; accepted 0, open []");
            assertThatThrownBy(() -> simulator.await(
                            "sense",
                            () -> {
                                throw new IllegalArgumentException("none");
                            },
                            LIMIT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("none");
        }
    }

    @Test
    void aScriptMustNotWait() throws Exception {
        try (Simulator simulator = Simulator.start()) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            simulator.handle("/wait", session -> new ConnectionHandler() {
                @Override
                public void onText(Session s, String text) {
                    try {
                        simulator.awaitAccepts(5, LIMIT);
                    } catch (IllegalStateException e) {
                        thrown.complete(e);
                    }
                }
            });
            try (RawClient client = RawClient.open(simulator, "/wait")) {
                client.text("x");
                assertThat(thrown.get(20, TimeUnit.SECONDS)).hasMessageContaining("must not wait");
            }
        }
    }

    @Test
    void findsTheConnectionAfterAReconnect() throws Exception {
        try (Simulator simulator = Simulator.start();
                RawClient first = RawClient.open(simulator, "/generic/echo")) {
            simulator.faults().reset();
            try (RawClient second = RawClient.open(simulator, "/generic/echo")) {
                assertThat(simulator.awaitOpenAfter(1, LIMIT).number()).isEqualTo(2);
                assertThat(simulator.open("/generic"))
                        .extracting(Session::number)
                        .containsExactly(2);
                assertThat(simulator.session(1)).isPresent();
                assertThat(simulator.session(7)).isEmpty();
                assertThat(second).isNotSameAs(first);
            }
        }
    }

    @Test
    void whatIsOpenIsNotForgottenForWhatEnded() throws Exception {
        try (Simulator simulator = Simulator.start(
                        SimulatorOptions.builder().keepAccepts(1).build());
                RawClient deribit = RawClient.open(simulator, "/ws/api/v2");
                RawClient binance = RawClient.open(simulator, "/ws")) {
            for (int i = 0; i < 3; i++) {
                RawClient.open(simulator, "/ws/api/v2").close();
                RawClient.open(simulator, "/ws").close();
            }
            simulator.await("the others gone", () -> simulator.open().size() == 2, LIMIT);
            simulator.faults().testRequest();
            simulator.faults().serverShutdown();
            assertThat(deribit.frame().text()).contains("test_request");
            assertThat(binance.frame().text()).contains("serverShutdown");
            simulator.await("the count", () -> simulator.deribit().testRequestsSent() == 1, LIMIT);
            assertThat(simulator.deribit().state(1).awaitingAnswer()).isTrue();
        }
    }

    @Test
    void whatWasToListenAgainDoesNotAfterTheEnd() throws Exception {
        Simulator simulator = Simulator.start();
        int port = simulator.port();
        simulator.handle("/end", session -> new ConnectionHandler() {
            @Override
            public void onText(Session s, String text) {
                simulator.faults().refuseFor(Duration.ZERO);
                simulator.close();
            }
        });
        long before = threads() - 1;
        try (RawClient client = RawClient.open(simulator, "/end")) {
            client.text("now");
            assertThatThrownBy(client.in::read).hasMessageContaining("reset");
        }
        simulator.close();
        assertThat(threads()).isEqualTo(before);
        try (Simulator next =
                Simulator.start(SimulatorOptions.builder().port(port).build())) {
            assertThat(next.port()).isEqualTo(port);
        }
    }

    @Test
    void optionsNameWhatIsWrongAndHideTheSecret() {
        SimulatorOptions.Builder builder = SimulatorOptions.builder();
        assertThatThrownBy(() -> builder.port(70_000)).hasMessageContaining("port");
        assertThatThrownBy(() -> builder.rate(Double.NaN)).hasMessageContaining("rate");
        assertThatThrownBy(() -> builder.heartbeatUnit(Duration.ZERO)).hasMessageContaining("heartbeatUnit");
        assertThatThrownBy(() -> builder.maxPending(1)).hasMessageContaining("maxPending");
        SimulatorOptions options = builder.client("id", "canary").build();
        assertThat(options.toString()).doesNotContain("canary");
        builder.client("id", "later");
        assertThat(options.clientSecret()).isEqualTo("canary");
    }
}
