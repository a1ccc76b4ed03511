// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Listeners that throw, block or are too slow. */
class ListenerScenariosTest {
    private static final Pattern FLOOD = Pattern.compile("\"flood\":(\\d+)");

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

    private Session session() {
        return simulator.awaitOpen(1, LIMIT).get(0);
    }

    @Test
    @DisplayName("N14 a handler that throws: the error is counted, the connection stays, the next message comes")
    void N14_aThrowingHandlerCostsNothing() throws Exception {
        Seen seen = new Seen() {
            @Override
            public synchronized void onMessage(Message message) {
                super.onMessage(message);
                if (message.text().equals("error")) {
                    throw new StackOverflowError("made by the test");
                } else if (message.text().equals("exception")) {
                    throw new IllegalStateException("made by the test");
                }
            }
        };
        WebSocketClient client = house.ready(quick(simulator.uri("/generic/x")), seen);
        for (String text : List.of("a", "exception", "b", "error", "c")) {
            session().text(text);
        }
        until("all messages", () -> seen.count() == 5);
        assertThat(seen.texts()).containsExactly("a", "exception", "b", "error", "c");
        until("both faults counted", () -> client.metrics().listenerFaults() == 2);
        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(simulator.accepts()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "N15 a handler that hangs: state, health and metrics answer, pongs go out, sends go out, heartbeats are seen")
    void N15_aHangingHandlerHoldsUpNobody() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        WebSocketClient client = house.unsupervised.open(
                quick(simulator.uri("/generic/x"))
                        .heartbeat("generic", Map.of("interval", "100ms", "misses", "50"))
                        .build(),
                message -> {
                    inside.countDown();
                    awaitQuietly(release);
                });
        get(client.opened());
        session().text("hang");
        assertThat(inside.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(client.health().status()).isNotNull();
        assertThat(client.metrics().messagesIn()).isEqualTo(1);
        session().ping("are you there".getBytes(StandardCharsets.UTF_8));
        until("the pong", () -> session().counters().pongsMatched() == 1);
        get(client.send("still sending"));
        session().awaitText("still sending"::equals, LIMIT);
        until("heartbeats", () -> client.health().heartbeat().answered() >= 3);
        session().text("waiting");
        until("a waiting message", () -> client.metrics().queued() == 1);
        // The close, too, must not wait for the handler longer than its own limits.
        get(client.close());
        assertThat(client.state()).isEqualTo(ClientState.CLOSED);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName(
            "N16 a flood of 200 000 x 1 KiB to a handler that hangs: the queue keeps its bound, what is dropped is told")
    void N16_aFloodKeepsTheBound() throws Exception {
        int flood = 200_000;
        int bound = 1000;
        AtomicLong most = new AtomicLong();
        Flooded seen = new Flooded();
        WebSocketClient client = house.ready(
                quick(simulator.uri("/generic/x"))
                        .option("overflow", "drop-oldest")
                        .option("overflow.max.messages", bound),
                seen);

        simulator.faults().flood(flood, 1024);
        until("the whole flood", () -> {
            most.accumulateAndGet(client.metrics().queued(), Math::max);
            return client.metrics().messagesIn() == flood;
        });

        assertThat(most.get()).isBetween(1L, (long) bound);
        assertThat(client.metrics().queued()).isLessThanOrEqualTo(bound);
        // A message is counted before it takes another's place: the last of those may be yet to be dropped.
        assertThat(client.metrics().dropped()).isGreaterThanOrEqualTo(flood - 2L * bound);
        release.countDown();
        until(
                "the rest",
                () -> client.metrics().queued() == 0
                        && seen.received.get() + client.metrics().dropped() == flood);
        assertThat(seen.told.get()).isEqualTo(client.metrics().dropped());
        assertThat(seen.disorder.get()).isZero();
        assertThat(seen.last.get()).isEqualTo(flood - 1L);
        assertThat(simulator.accepts()).isEqualTo(1);
    }

    @Test
    @DisplayName("N16 the default policy: the connection is replaced with cause slow-consumer, and a gap is told")
    void N16_theDefaultPolicyReplacesTheConnection() throws Exception {
        Flooded seen = new Flooded();
        WebSocketClient client =
                house.ready(quick(simulator.uri("/generic/x")).option("overflow.max.messages", 1000), seen);

        simulator.faults().flood(5000, 1024);

        assertThat(seen.cause(Type.LOST).kind()).isEqualTo(Cause.Kind.SLOW_CONSUMER);
        seen.await(Type.READY, 2);
        assertThat(client.metrics().queued()).isLessThanOrEqualTo(1000);
        release.countDown();
        until(
                "the rest",
                () -> client.metrics().queued() == 0
                        && !seen.continuity(Continuity.Resumed.class).isEmpty());
        assertThat(seen.told.get()).isEqualTo(client.metrics().dropped()).isPositive();
        assertThat(seen.received.get() + seen.told.get())
                .isEqualTo(client.metrics().messagesIn());
        assertThat(seen.continuity())
                .extracting(Object::getClass)
                .endsWith(Continuity.Gap.class, Continuity.Interrupted.class, Continuity.Resumed.class);
    }

    @Test
    @DisplayName("N20 a client without a handler is refused")
    void N20_aClientNeedsAListener() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> house.unsupervised.open(
                        quick(simulator.uri("/generic/x")).build(), null))
                .withMessageContaining("listener");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> house.supervisedBy(house.group("g", Map.of()))
                        .startClient(quick(simulator.uri("/generic/x")).build(), null));
        assertThat(house.clients.all()).isEmpty();
        assertThat(simulator.accepts()).isZero();
    }

    /** Hangs with the first message, and counts instead of keeping. */
    private final class Flooded extends Seen {
        private final AtomicLong received = new AtomicLong();
        private final AtomicLong told = new AtomicLong();
        private final AtomicLong disorder = new AtomicLong();
        private final AtomicLong last = new AtomicLong(-1);

        @Override
        public void onMessage(Message message) {
            awaitQuietly(release);
            Matcher m = FLOOD.matcher(message.text());
            if (m.find() && last.getAndSet(Long.parseLong(m.group(1))) >= Long.parseLong(m.group(1))) {
                disorder.incrementAndGet();
            }
            received.incrementAndGet();
        }

        @Override
        public synchronized void onContinuity(Continuity event) {
            super.onContinuity(event);
            if (event instanceof Continuity.Gap gap) {
                told.addAndGet(gap.to() - gap.from() + 1);
            }
        }
    }
}
