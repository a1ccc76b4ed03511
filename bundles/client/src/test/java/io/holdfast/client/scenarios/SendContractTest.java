// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.NotOpenException;
import io.holdfast.api.client.OutboundFullException;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.Counters;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.Upgrade;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@code send} promises. */
class SendContractTest {
    private static final int CHUNK = 16 * 1024;

    private final Simulator simulator = Simulator.start(
            SimulatorOptions.builder().rate(0).receiveBuffer(64 * 1024).build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private static Throwable failureAtOnce(CompletionStage<Void> stage) {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        // Runs here and now, as the stage is complete.
        stage.whenComplete((done, failure) -> seen.set(failure));
        assertThat(seen.get()).as("fails before send returns").isNotNull();
        return seen.get();
    }

    @Test
    @DisplayName("text and binary of every size go there and back; the stage is done when the system has them")
    void textAndBinaryOfEverySize() throws Exception {
        WebSocketClient client = house.ready(quick(simulator.uri("/generic/echo")), seen);
        byte[] big = new byte[1024 * 1024];
        new Random(7).nextBytes(big);
        String umlauts = "ü𝄞 ".repeat(5000);
        ByteBuffer part = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}, 1, 3);

        get(client.send(""));
        get(client.send("{\"not\":json"));
        get(client.send(umlauts));
        get(client.send(ByteBuffer.allocate(0)));
        get(client.send(part));
        CompletionStage<Void> last = client.send(ByteBuffer.wrap(big));
        big[0]++;
        get(last);
        big[0]--;

        until("six echoes", () -> seen.count() == 6);
        assertThat(seen.texts()).containsExactly("", "{\"not\":json", umlauts);
        assertThat(seen.binaries()).containsExactly(new byte[0], new byte[] {2, 3, 4}, big);
        assertThat(part.position()).as("the caller's buffer stays as it is").isEqualTo(1);
        Counters counters = simulator.session(1).orElseThrow().counters();
        assertThat(counters.textIn()).isEqualTo(3);
        assertThat(counters.binaryIn()).isEqualTo(3);
        until("six counted", () -> client.metrics().messagesOut() == 6);
    }

    @Test
    @DisplayName("messages arrive in the order of the calls, from several threads each in its own order")
    void orderIsKept() throws Exception {
        WebSocketClient client = house.ready(quick(simulator.uri("/generic/echo")), seen);
        int each = 500;
        List<Thread> threads = IntStream.range(0, 3)
                .mapToObj(t -> new Thread(() -> IntStream.range(0, each).forEach(i -> client.send(t + ":" + i))))
                .toList();
        threads.forEach(Thread::start);
        for (Thread t : threads) {
            t.join(LIMIT.toMillis());
        }
        until("all echoes", () -> seen.count() == 3 * each);
        for (int t = 0; t < 3; t++) {
            String prefix = t + ":";
            assertThat(seen.texts().stream().filter(s -> s.startsWith(prefix)).map(s -> s.substring(prefix.length())))
                    .containsExactlyElementsOf(
                            IntStream.range(0, each).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    @DisplayName("a client that is not open says so at once, with its state; nothing is kept for later")
    void notOpenAtOnceWithTheState() throws Exception {
        simulator.faults().upgrades(1, Upgrade.silent());
        WebSocketClient client = house.open(quick(simulator.uri("/generic/echo")), seen);
        simulator.awaitAccepts(1, LIMIT);
        seen.await(Type.CONNECTING);
        assertThat(failureAtOnce(client.send("early")))
                .isInstanceOfSatisfying(
                        NotOpenException.class, e -> assertThat(e.state()).isEqualTo(ClientState.CONNECTING))
                .hasMessageContaining("CONNECTING");
        simulator.session(1).orElseThrow().reset();
        get(client.opened());
        get(client.send("now"));
        until("the echo", () -> seen.count() == 1);
        get(client.close());
        assertThat(failureAtOnce(client.send(ByteBuffer.allocate(1))))
                .isInstanceOfSatisfying(
                        NotOpenException.class, e -> assertThat(e.state()).isEqualTo(ClientState.CLOSED));
        assertThat(simulator.session(2).orElseThrow().received())
                .extracting(Received::text)
                .containsExactly("now");
    }

    @Test
    @DisplayName(
            "a peer that does not read: OutboundFull at the bound, and all that was taken arrives when it reads again")
    void outboundFullAtTheBound() throws Exception {
        int bound = 256 * 1024;
        WebSocketClient client =
                house.ready(quick(simulator.uri("/generic/sink")).option("send.buffer.max.bytes", bound), seen);
        simulator.faults().stopReading();

        List<CompletionStage<Void>> accepted = new ArrayList<>();
        Throwable refusal = null;
        for (int i = 0; refusal == null && i < 100_000; i++) {
            CompletionStage<Void> stage = client.send(ByteBuffer.allocate(CHUNK));
            if (stage.toCompletableFuture().isCompletedExceptionally()) {
                refusal = failureAtOnce(stage);
            } else {
                accepted.add(stage);
            }
        }

        assertThat(refusal).isInstanceOf(OutboundFullException.class).hasMessageContaining("bytes waiting");
        assertThat(client.state()).isEqualTo(ClientState.READY);
        // What waits here is bounded, once those that the operating system took are told so.
        until(
                "a bounded rest",
                () -> accepted.stream()
                                .filter(s -> !s.toCompletableFuture().isDone())
                                .count()
                        <= bound / CHUNK);

        simulator.faults().resumeReading();
        for (CompletionStage<Void> stage : accepted) {
            get(stage);
        }
        until(
                "all that was taken",
                () -> simulator.session(1).orElseThrow().counters().binaryIn() == accepted.size());
        get(client.send("and on"));
        assertThat(simulator.accepts()).isEqualTo(1);
    }

    @Test
    @DisplayName("one message larger than the bound is taken when nothing waits")
    void aMessageAboveTheBoundIsTakenAlone() throws Exception {
        WebSocketClient client =
                house.ready(quick(simulator.uri("/generic/echo")).option("send.buffer.max.bytes", 1000), seen);
        get(client.send(ByteBuffer.allocate(5000)));
        until("the echo", () -> seen.count() == 1);
    }

    @Test
    @DisplayName(
            "a frame that cannot be written within write.timeout: aborted, cause WRITE_TIMEOUT, replaced; its stage fails")
    void theWriteDeadlineReplacesTheConnection() throws Exception {
        WebSocketClient client = house.ready(
                quick(simulator.uri("/generic/sink"))
                        .option("write.timeout", "300ms")
                        .option("send.buffer.max.bytes", 64 * 1024 * 1024),
                seen);
        simulator.faults().onOpen().stopReading();

        CompletionStage<Void> stuck = client.send(ByteBuffer.allocate(32 * 1024 * 1024));

        assertThat(seen.cause(Type.LOST).kind()).isEqualTo(Cause.Kind.WRITE_TIMEOUT);
        assertThat(stuck.toCompletableFuture())
                .failsWithin(LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(NotOpenException.class);
        seen.await(Type.READY, 2);
        get(client.send("over the next"));
        simulator.session(2).orElseThrow().awaitText("over the next"::equals, LIMIT);
    }
}
