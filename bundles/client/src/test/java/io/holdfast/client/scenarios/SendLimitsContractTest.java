// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.NotOpenException;
import io.holdfast.api.client.OutboundFullException;
import io.holdfast.api.client.SendLimitException;
import io.holdfast.api.client.SendOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Limits for what is sent, on real sockets. How fast anything is, is not asserted here; the virtual clock does that. */
class SendLimitsContractTest {
    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(0).build());
    private final House house = new House();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private WebSocketClient limited() throws Exception {
        return house.ready(quick(simulator.uri("/generic/echo")).option("send.limit.messages", "20"), new Seen());
    }

    private List<String> received() {
        return simulator.session(1).orElseThrow().received().stream()
                .map(Received::text)
                .toList();
    }

    @Test
    @DisplayName("a queued flood arrives whole and in order")
    void aQueuedFloodArrivesInOrder() throws Exception {
        WebSocketClient client = limited();
        List<CompletionStage<Void>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(client.send("m" + i));
        }
        for (CompletionStage<Void> stage : all) {
            get(stage);
        }
        until("all of them", () -> received().size() == 60);
        assertThat(received())
                .containsExactlyElementsOf(
                        IntStream.range(0, 60).mapToObj(i -> "m" + i).toList());
    }

    @Test
    @DisplayName("of rejected messages exactly those arrive whose stage says so")
    void rejectedOnesDoNotArrive() throws Exception {
        WebSocketClient client = limited();
        List<String> went = new ArrayList<>();
        List<Throwable> rejected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String text = "m" + i;
            CompletableFuture<Void> stage =
                    client.send(text, SendOptions.REJECT).toCompletableFuture();
            if (stage.isCompletedExceptionally()) {
                assertThatThrownBy(stage::join).cause().isInstanceOfSatisfying(SendLimitException.class, e -> {
                    assertThat(e.limit()).isEqualTo("send.limit.messages");
                    assertThat(e.allowedIn())
                            .hasValueSatisfying(d -> assertThat(d).isPositive());
                    rejected.add(e);
                });
            } else {
                went.add(text);
            }
        }
        assertThat(rejected).isNotEmpty();
        until("those that went", () -> received().size() == went.size());
        assertThat(received()).isEqualTo(went);
    }

    @Test
    @DisplayName("what waits counts for send.buffer.max.bytes, and fails when the client is closed")
    void whatWaitsIsBoundedAndEndsWithTheClient() throws Exception {
        WebSocketClient client = house.ready(
                quick(simulator.uri("/generic/sink"))
                        .option("send.limit.messages", "3")
                        .option("send.buffer.max.bytes", "10000"),
                new Seen());
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(client.send(ByteBuffer.allocate(1000), SendOptions.delay(Duration.ofHours(1)))
                    .toCompletableFuture());
        }
        assertThatThrownBy(all.get(199)::join).hasCauseInstanceOf(OutboundFullException.class);
        get(client.close());
        for (CompletableFuture<Void> stage : all) {
            until("each ends", stage::isDone);
        }
        assertThat(all)
                .anySatisfy(stage -> assertThat(stage)
                        .failsWithin(LIMIT)
                        .withThrowableThat()
                        .withCauseInstanceOf(NotOpenException.class)
                        .withMessageContaining("waited for its limits"));
    }

    @Test
    @DisplayName("options that make no sense are refused by name")
    void optionsAreChecked() {
        assertThatThrownBy(() -> ClientOptions.uri("ws://localhost:1/")
                        .option("send.limit.messages", "2")
                        .build())
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("send.limit.messages");
        assertThatThrownBy(() -> ClientOptions.uri("ws://localhost:1/")
                        .option("send.limit.messages", "9")
                        .option("send.limit.burst", "8")
                        .build())
                .hasMessageContaining("send.limit.burst + 2");
        assertThatThrownBy(() -> ClientOptions.uri("ws://localhost:1/")
                        .option("send.limit.bytes", "1000")
                        .build())
                .hasMessageContaining("send.limit.bytes");
        assertThatThrownBy(() -> ClientOptions.uri("ws://localhost:1/")
                        .option("send.limit.message", "5")
                        .build())
                .hasMessageContaining("did you mean 'send.limit.messages'");
        assertThat(ClientOptions.uri("ws://localhost:1/").build().sendPatience())
                .isEqualTo(SendOptions.QUEUE);
    }
}
