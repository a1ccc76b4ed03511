// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.OverflowPolicy.Kind;
import io.holdfast.client.lanes.SystemEnvironment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drives two threads through the narrow places of a lane very often. */
class DeliveryRaceTest {
    private static final Cause LOST = Cause.of(Cause.Kind.LOST, "cut");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final SystemEnvironment env = new SystemEnvironment();

    @AfterEach
    void close() {
        env.close();
    }

    private static void spinUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("did not happen within " + LONG);
            }
        }
    }

    /** Messages, events and drops by one thread, taken by another that is always about to find the backlog empty. */
    @Test
    void backlogKeepsTheOrderOfMessagesEventsAndFolds() throws InterruptedException {
        Backlog backlog = new Backlog(1);
        int last = 200_000;
        AtomicLong taken = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread consumer = new Thread(() -> {
            LaneMessage message = new LaneMessage();
            long next = 1;
            long gapFrom = 0;
            try {
                while (next <= last) {
                    long before = next;
                    switch (backlog.take(message)) {
                        case NOTHING -> Thread.onSpinWait();
                        case MESSAGE -> {
                            assertThat(message.sequence()).isEqualTo(next);
                            next++;
                            gapFrom = 0;
                        }
                        case EVENT -> {
                            Continuity event = backlog.event();
                            if (event instanceof Continuity.Gap gap
                                    && gap.stream().isEmpty()) {
                                assertThat(gap.from()).isEqualTo(next);
                                next = gap.to() + 1;
                            } else if (event instanceof Continuity.Gap gap) {
                                // A stream's gap tells after which message it was put; a folded one comes behind the
                                // client's gap.
                                assertThat(gap.from()).isBetween((gapFrom > 0 ? gapFrom : next) - 1, next - 1);
                            } else if (event instanceof Continuity.Interrupted lost) {
                                assertThat(lost.sequence()).isLessThan(next);
                            }
                            gapFrom = next > before ? before : 0;
                        }
                    }
                    taken.set(next - 1);
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        consumer.start();
        ByteBuffer payload = ByteBuffer.allocate(20);
        for (long i = 1; i <= last && failure.get() == null; i++) {
            if (backlog.isFolded()) {
                backlog.put(i, new Continuity.Interrupted(1, i, LOST));
                continue;
            }
            backlog.append(true, payload, i, 1, 1, 1 << 20);
            if (i % 3 == 0) {
                backlog.put(i, new Continuity.Gap("s", i, i, LOST));
            }
            if (i % 7 == 0) {
                backlog.dropOldest();
            }
            // Mostly near empty; now and then far behind, so that events are folded.
            long behind = i % 50_000 < 40_000 ? i % 3 : Long.MAX_VALUE;
            long sent = i;
            spinUntil(() -> sent - taken.get() <= behind
                    || failure.get() != null
                    || backlog.messages() == 0 && !backlog.hasNews());
        }
        backlog.put(last, new Continuity.Interrupted(1, last, LOST));
        consumer.join(LONG.toMillis());
        assertThat(failure.get()).isNull();
        assertThat(taken.get()).isEqualTo(last);
    }

    /** Each message finds the lane falling asleep. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noWakeUpIsLost(boolean direct) {
        Bench bench = new Bench(env, direct);
        AtomicLong messages = new AtomicLong();
        AtomicLong events = new AtomicLong();
        bench.delivery.add(
                new MessageListener() {
                    @Override
                    public void onMessage(Message message) {
                        messages.setRelease(message.sequence());
                    }

                    @Override
                    public void onContinuity(Continuity continuity) {
                        events.setRelease(events.getPlain() + 1);
                    }
                },
                Optional.empty());
        spinUntil(() -> events.get() == 1);
        for (int i = 1; i <= 20_000; i++) {
            int number = i;
            for (int pause = i % 97; pause > 0; pause--) {
                Thread.onSpinWait(); // sweeps the moment at which the lane falls asleep
            }
            if (!bench.message(1, 10)) {
                spinUntil(() -> !bench.demands.isEmpty());
                bench.demands.clear();
            }
            if (i % 4 != 0) {
                spinUntil(() -> messages.get() == number);
            }
            if (i % 2 == 0) {
                int at = i;
                bench.delivery.inTurn(() -> bench.delivery.gapNow("s", at, at, LOST));
                spinUntil(() -> events.get() == 1 + number / 2 && messages.get() == number);
            }
        }
        bench.delivery.close(LOST);
    }

    /** Reading stops with nearly every message and must go on each time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void noDemandIsLost(int bound) {
        Bench bench = new Bench(env, false);
        bench.policy = Bench.policy(Kind.BLOCK, bound, 1 << 20);
        bench.blockLimit = LONG;
        Recorder listener = new Recorder();
        bench.delivery.add(listener, Optional.empty());
        for (int i = 0; i < 20_000; i++) {
            if (!bench.message(1, 10)) {
                spinUntil(() -> !bench.demands.isEmpty());
                assertThat(bench.demands).hasSize(1);
                bench.demands.clear();
            }
        }
        bench.delivery.close(LOST);
        await().atMost(LONG).until(listener::hasLeft);
        assertThat(bench.overflows).isEmpty();
        assertThat(listener.delivered()).isEqualTo(20_000);
        assertThat(listener.place.violations).isEmpty();
    }

    /** The successor comes while the predecessor's thread is still at the backlog: each message goes to one of them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void placeIsHandedOverWhileInUse(boolean direct) throws InterruptedException {
        int count = 50_000;
        Bench bench = new Bench(env, direct);
        bench.policy = Bench.policy(Kind.DISCONNECT, count, 1 << 30);
        bench.gapMax = LONG;
        AtomicIntegerArray seen = new AtomicIntegerArray(count + 1);
        Thread transport = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                // Back-pressure only, so that the lane is at the edge of empty.
                spinUntil(() -> bench.delivery.queued() < 50);
                int demands = bench.demands.size();
                if (!bench.message(1, 10)) {
                    spinUntil(() -> bench.demands.size() > demands);
                }
            }
        });
        MessageListener[] listener = {new Counter(seen)};
        bench.delivery.add(listener[0], Optional.of("x"));
        transport.start();
        while (transport.isAlive()) {
            // An interrupted thread does not wait for the listener to leave.
            Thread.currentThread().interrupt();
            bench.delivery.remove(listener[0]);
            assertThat(Thread.interrupted()).isTrue();
            spinUntil(() -> bench.delivery.listeners() == 0);
            listener[0] = new Counter(seen);
            bench.delivery.add(listener[0], Optional.of("x"));
            spinUntil(() -> bench.delivery.listeners() == 1);
        }
        transport.join();
        await().atMost(LONG).until(() -> bench.delivery.queued() == 0);
        bench.delivery.close(LOST);
        env.close();
        for (int i = 1; i <= count; i++) {
            assertThat(seen.get(i)).as("message %d", i).isEqualTo(1);
        }
        assertThat(bench.delivery.dropped()).isZero();
        assertThat(bench.faults).isEmpty();
    }

    /** Not a lambda: each must be another listener. */
    private record Counter(AtomicIntegerArray seen, Object identity) implements MessageListener {
        Counter(AtomicIntegerArray seen) {
            this(seen, new Object());
        }

        @Override
        public void onMessage(Message message) {
            seen.incrementAndGet((int) message.sequence());
        }
    }
}
