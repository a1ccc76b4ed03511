// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.stays;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.SequenceRange;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How messages come to a listener. */
class DeliveryContractTest {
    private static final String CHANNEL = "/generic/x";

    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(0).build());
    private final House house = new House();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void stop() {
        release.countDown();
        house.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({"queued, holdfast-delivery", "direct, holdfast-transport"})
    @DisplayName("queued delivery calls on a delivery thread, direct delivery on the connection's")
    void theThreadIsTheOneChosen(String delivery, String thread) throws Exception {
        Seen seen = new Seen();
        house.ready(quick(simulator.uri(CHANNEL)).option("delivery", delivery), seen);
        until(
                "the beginning told",
                () -> seen.continuity(Continuity.Joined.class).size() == 1);
        Session session = simulator.session(1).orElseThrow();
        // With direct delivery the lane may still be at the event before; messages behind it are queued, as promised.
        session.text("warm-up");
        until("the first", () -> seen.count() == 1);
        stays("the lane is empty", Duration.ofMillis(50), () -> seen.count() == 1);
        for (int i = 0; i < 100; i++) {
            session.text("m" + i);
        }
        session.binary(new byte[] {1, 2});
        until("all", () -> seen.count() == 102);
        // A direct listener is called elsewhere, too, when its lane is held for a moment by something else.
        assertThat(seen.threads().subList(1, 102))
                .filteredOn(t -> t.startsWith(thread))
                .hasSizeGreaterThanOrEqualTo(delivery.equals("direct") ? 80 : 101);
        assertThat(seen.binaries()).containsExactly(new byte[] {1, 2});
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "direct"})
    @DisplayName("a message tells what it is: text made once, a read-only view, time, connection and sequence")
    void aMessageTellsWhatItIs(String delivery) throws Exception {
        record Snapshot(
                boolean text,
                String content,
                boolean readOnly,
                boolean same,
                long nanos,
                long connection,
                long sequence) {}
        List<Snapshot> snapshots = new ArrayList<>();
        AtomicReference<Throwable> refused = new AtomicReference<>();
        Seen seen = new Seen() {
            @Override
            public synchronized void onMessage(Message m) {
                if (m.isText()) {
                    ByteBuffer view = m.bytes();
                    String viaBytes =
                            StandardCharsets.UTF_8.decode(view.duplicate()).toString();
                    snapshots.add(new Snapshot(
                            m.text().equals(viaBytes),
                            m.text(),
                            view.isReadOnly(),
                            m.text() == m.text(),
                            m.receivedNanos(),
                            m.connection(),
                            m.sequence()));
                } else {
                    try {
                        m.text();
                    } catch (IllegalStateException e) {
                        refused.set(e);
                    }
                }
                super.onMessage(m);
            }
        };
        long before = System.nanoTime();
        house.ready(quick(simulator.uri(CHANNEL)).option("delivery", delivery), seen);
        Session session = simulator.session(1).orElseThrow();
        session.fragments("ü", "𝄞");
        until("the first", () -> seen.count() == 1);
        session.reset();
        simulator.awaitOpenAfter(1, LIMIT).text("second");
        until("the second", () -> seen.count() == 2);
        simulator.session(2).orElseThrow().binary(new byte[1]);
        until("the third", () -> seen.count() == 3);
        long after = System.nanoTime();

        synchronized (seen) {
            assertThat(snapshots).hasSize(2).allSatisfy(s -> {
                assertThat(s.text()).isTrue();
                assertThat(s.readOnly()).isTrue();
                assertThat(s.same()).isTrue();
                assertThat(s.nanos()).isBetween(before, after);
            });
            assertThat(snapshots).extracting(Snapshot::content).containsExactly("ü𝄞", "second");
            assertThat(snapshots).extracting(Snapshot::connection).containsExactly(1L, 2L);
            assertThat(snapshots).extracting(Snapshot::sequence).containsExactly(1L, 2L);
        }
        assertThat(refused.get()).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "direct"})
    @DisplayName("over resets: what was sent while open and is missing lies in the told interruption; nothing doubled")
    void interruptionsAreToldInTheirPlace(String delivery) throws Exception {
        Seen seen = new Seen();
        house.ready(quick(simulator.uri(CHANNEL)).option("delivery", delivery), seen);
        simulator.data().rate(CHANNEL, 500);
        for (int i = 1; i <= 3; i++) {
            int connection = i;
            // Orderly, so that everything written before the close frame arrives.
            until(
                    "data on " + i,
                    () -> !simulator.data().written(CHANNEL, connection).isEmpty());
            simulator.faults().close(4000, "next");
            simulator.awaitOpenAfter(i, LIMIT);
        }
        until("data on 4", () -> !simulator.data().written(CHANNEL, 4).isEmpty());
        simulator.data().rate(CHANNEL, 0);
        until("all that was written", () -> seen.count() == simulator.data().writtenCount(CHANNEL));
        until(
                "three ends of breaks",
                () -> seen.continuity(Continuity.Resumed.class).size() == 3);

        List<Long> written = new ArrayList<>();
        for (SequenceRange range : simulator.data().written(CHANNEL)) {
            LongStream.rangeClosed(range.first(), range.last()).forEach(written::add);
        }
        assertThat(seen.numbers()).containsExactlyElementsOf(written);
        assertThat(seen.continuity())
                .extracting(c -> (Object) c.getClass())
                .containsExactly(
                        Continuity.Joined.class,
                        Continuity.Interrupted.class,
                        Continuity.Resumed.class,
                        Continuity.Interrupted.class,
                        Continuity.Resumed.class,
                        Continuity.Interrupted.class,
                        Continuity.Resumed.class);
    }

    @Test
    @DisplayName("overflow=block stops the reading, so that the server waits; nothing is lost when the handler goes on")
    void blockReachesTheServer() throws Exception {
        int messages = 20_000;
        Seen seen = new Seen() {
            @Override
            public void onMessage(Message message) {
                try {
                    release.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.onMessage(message);
            }
        };
        WebSocketClient client = house.ready(
                quick(simulator.uri(CHANNEL))
                        .option("heartbeat.type", "none")
                        .option("overflow", "block")
                        .option("overflow.block.max", "1m")
                        .option("overflow.max.messages", 100),
                seen);

        var flood = simulator.faults().flood(messages, 4096);
        // The handler may have taken its first message before or after the queue was full.
        until("a full queue", () -> client.metrics().queued() >= 99);
        long[] last = {-1};
        // The server's socket runs full too: what is written stands still.
        until("a standstill", () -> {
            long before = last[0];
            last[0] = simulator.session(1).orElseThrow().counters().framesOut();
            Thread.yield();
            return before == last[0] && client.metrics().queued() <= 101;
        });
        assertThat(flood.done()).isNotDone();
        assertThat(client.state()).isEqualTo(ClientState.READY);

        release.countDown();
        until("all messages", () -> seen.count() == messages);
        assertThat(client.metrics().dropped()).isZero();
        assertThat(simulator.accepts()).isEqualTo(1);
        assertThat(seen.types()).doesNotContain(Type.LOST);
    }
}
