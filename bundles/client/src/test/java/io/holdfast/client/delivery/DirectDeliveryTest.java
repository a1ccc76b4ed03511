// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity.Gap;
import io.holdfast.api.client.Continuity.Interrupted;
import io.holdfast.api.client.Continuity.Joined;
import io.holdfast.api.client.Continuity.Left;
import io.holdfast.api.client.OverflowPolicy.Kind;
import io.holdfast.client.lanes.SystemEnvironment;
import io.holdfast.client.sim.VirtualEnvironment;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectDeliveryTest {
    private static final Cause LOST = Cause.of(Cause.Kind.LOST, "gone");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Optional<String> NO_ID = Optional.empty();

    private final VirtualEnvironment env = new VirtualEnvironment(1);
    private final Bench bench = new Bench(env, true);
    private final Delivery delivery = bench.delivery;
    private final Recorder listener = new Recorder();

    @AfterEach
    void invariantsHeld() {
        assertThat(listener.place.violations).isEmpty();
        delivery.close(LOST);
        env.runUntilIdle();
        assertThat(env.pendingTimers()).as("timers left").isZero();
    }

    @Test
    void listenerIsCalledWithinDeliver() {
        delivery.add(listener, NO_ID);
        env.runUntilIdle();
        bench.messages(1, 3);
        assertThat(listener.delivered()).isEqualTo(3);
        assertThat(env.pendingTasks()).isZero();
        assertThat(delivery.capacity()).as("nothing is copied").isZero();
    }

    @Test
    void messageWaitsBehindAnEvent() {
        delivery.add(listener, NO_ID);
        bench.messages(1, 2);
        assertThat(listener.delivered()).as("Joined comes first").isZero();
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(2);
        delivery.interrupted(1, LOST);
        bench.messages(2, 2);
        assertThat(listener.delivered()).isEqualTo(2);
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(4);
        assertThat(listener.events()).containsExactly(new Joined(0), new Interrupted(1, 2, LOST));
        bench.messages(2, 1);
        assertThat(listener.delivered()).as("direct again").isEqualTo(5);
    }

    @Test
    void eventRaisedWithinAMessageFollowsIt() {
        delivery.add(new Recorder(listener.place, m -> delivery.interrupted(m.connection(), LOST)), NO_ID);
        env.runUntilIdle();
        bench.messages(1, 1);
        assertThat(listener.events()).containsExactly(new Joined(0));
        env.runUntilIdle();
        assertThat(listener.events()).containsExactly(new Joined(0), new Interrupted(1, 1, LOST));
    }

    @Test
    void boundsHoldBehindAnEvent() {
        bench.policy = Bench.policy(Kind.DROP_OLDEST, 3, 1 << 20);
        delivery.add(listener, NO_ID);
        bench.messages(1, 10);
        env.runUntilIdle();
        bench.messages(1, 1);
        assertThat(listener.delivered()).isEqualTo(4);
        assertThat(listener.place.missing).isEqualTo(7);
    }

    @Test
    void readingStopsWhileWhatWaitsBehindAnEventIsCaughtUpWith() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 80, 1 << 20);
        delivery.add(listener, NO_ID);
        for (int i = 1; i < 10; i++) {
            assertThat(bench.message(1, 20)).isTrue();
        }
        assertThat(bench.message(1, 20)).as("an eighth of the queue").isFalse();
        assertThat(bench.demands).isEmpty();
        env.runUntilIdle();
        assertThat(listener.delivered()).isEqualTo(10);
        assertThat(bench.demands).containsExactly(1L);
        assertThat(bench.message(1, 20)).isTrue();
        assertThat(listener.delivered()).as("direct again").isEqualTo(11);
        assertThat(bench.overflows).isEmpty();
    }

    @Test
    void readingStopsByBytesToo() {
        bench.policy = Bench.policy(Kind.DROP_OLDEST, 80, 8000);
        delivery.add(listener, NO_ID);
        assertThat(bench.message(1, 999)).isTrue();
        assertThat(bench.message(1, 20)).isFalse();
        env.runUntilIdle();
        assertThat(bench.demands).containsExactly(1L);
        assertThat(listener.place.missing).isZero();
    }

    @Test
    void listenerThatIsSlowMeetsThePolicyAfterTheLimit() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 80, 1 << 20);
        delivery.add(listener, NO_ID);
        env.stall(Pool.DELIVERY, Duration.ofSeconds(20));
        bench.messages(1, 9);
        assertThat(bench.message(1, 20)).isFalse();
        env.runFor(bench.blockLimit.minusMillis(1));
        assertThat(bench.demands).isEmpty();
        env.runFor(Duration.ofMillis(2));
        assertThat(bench.demands).as("the limit has passed").containsExactly(1L);
        for (int i = 11; i <= 80; i++) {
            assertThat(bench.message(1, 20)).isTrue();
        }
        assertThat(bench.overflows).isEmpty();
        bench.messages(1, 1);
        assertThat(bench.overflows).hasSize(1);
        delivery.interrupted(1, LOST);
        delivery.resumed(2, Duration.ZERO);
        assertThat(bench.message(2, 20)).as("no other limit for the slow").isTrue();
        env.runFor(LONG);
        assertThat(bench.message(2, 20)).isTrue();
        delivery.interrupted(2, LOST);
        bench.messages(3, 9);
        assertThat(bench.message(3, 20)).as("has kept pace since").isFalse();
        env.runUntilIdle();
        assertThat(bench.demands).containsExactly(1L, 3L);
    }

    @Test
    void readingGoesOnWhenTheOneThatCatchesUpLeavesOrTheConnectionEnds() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 8, 1 << 20);
        delivery.add(listener, NO_ID);
        assertThat(bench.message(1, 20)).isFalse();
        delivery.interrupted(1, LOST);
        assertThat(bench.demands).as("nobody waits for it any more").isEmpty();
        assertThat(bench.message(2, 20)).isFalse();
        delivery.remove(listener);
        listener.removed();
        assertThat(bench.demands).containsExactly(2L);
    }

    @Test
    void floodIsNotLostWhileEventsAreTold() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 64, 1 << 20);
        delivery.add(listener, NO_ID);
        SplittableRandom random = new SplittableRandom(7);
        int resumed = 0;
        boolean reading = true;
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(40) == 0) {
                delivery.inTurn(() -> delivery.gapNow("stream", 1, 2, LOST));
                env.stall(Pool.DELIVERY, Duration.ofMillis(random.nextLong(2_000)));
            }
            if (reading) {
                reading = bench.message(1, 20);
            } else {
                env.runFor(Duration.ofMillis(50));
                reading = bench.demands.size() > resumed;
                resumed = bench.demands.size();
            }
        }
        env.runFor(LONG);
        assertThat(resumed).as("pauses").isGreaterThan(20);
        assertThat(bench.overflows).isEmpty();
        assertThat(listener.place.missing).isZero();
        assertThat(listener.delivered()).isEqualTo(delivery.messages());
    }

    @Test
    void holeBeforeADirectMessageIsToldFirst() {
        bench.policy = Bench.policy(Kind.DISCONNECT, 1, 1 << 20);
        delivery.add(listener, NO_ID);
        bench.messages(1, 3);
        env.runUntilIdle();
        assertThat(bench.overflows).hasSize(1);
        bench.messages(2, 1);
        env.runUntilIdle();
        assertThat(listener.events()).hasSize(2);
        assertThat(listener.events().get(1)).isInstanceOf(Gap.class);
        assertThat(listener.delivered()).isEqualTo(2);
    }

    @Test // N14
    void throwingListenerIsCounted() {
        delivery.add(
                new Recorder(listener.place, m -> {
                    throw new IllegalStateException();
                }),
                NO_ID);
        env.runUntilIdle();
        bench.messages(1, 3);
        assertThat(delivery.faults()).isEqualTo(3);
        assertThat(listener.delivered()).isEqualTo(3);
    }

    @Test
    void severalListenersAndOneThatRemovesItself() {
        Recorder second = new Recorder();
        Recorder[] self = new Recorder[1];
        self[0] = new Recorder(new Recorder.Place(), m -> delivery.remove(self[0]));
        delivery.add(listener, NO_ID);
        delivery.add(self[0], NO_ID);
        delivery.add(second, NO_ID);
        env.runUntilIdle();
        bench.messages(1, 5);
        assertThat(listener.delivered()).isEqualTo(5);
        assertThat(second.delivered()).isEqualTo(5);
        assertThat(self[0].delivered()).isEqualTo(1);
        assertThat(delivery.listeners()).isEqualTo(2);
    }

    @Test
    void returningListenerGoesOn() {
        delivery.add(listener, Optional.of("x"));
        env.runUntilIdle();
        bench.messages(1, 2);
        delivery.remove(listener);
        listener.removed();
        bench.messages(1, 2);
        Recorder again = new Recorder(listener.place, m -> {});
        delivery.add(again, Optional.of("x"));
        bench.messages(1, 1);
        env.runUntilIdle();
        bench.messages(1, 1);
        assertThat(listener.delivered()).isEqualTo(6);
        assertThat(listener.events()).containsExactly(new Joined(0));
    }

    @Test
    void closeComesAfterTheMessages() {
        delivery.add(listener, NO_ID);
        env.runUntilIdle();
        bench.messages(1, 1);
        delivery.close(LOST);
        env.runUntilIdle();
        assertThat(listener.events()).containsExactly(new Joined(0), new Left(LOST));
    }

    @Test
    void theViewShowsTheTransportsArray() {
        List<ByteBuffer> views = new ArrayList<>();
        delivery.add(new Recorder(listener.place, m -> views.add(m.bytes())), NO_ID);
        env.runUntilIdle();
        byte[] array = new byte[64];
        for (int i = 1; i <= 2; i++) {
            System.arraycopy(Recorder.payload(i, 8), 0, array, 10 * i, 8);
            delivery.deliver(true, ByteBuffer.wrap(array, 10 * i, 8), i, 1);
        }
        assertThat(listener.delivered()).isEqualTo(2);
        assertThat(views.get(0)).isSameAs(views.get(1));
        assertThat(views.get(0).isReadOnly()).isTrue();
    }

    @Test
    void watchdogLooksOnceAfterAMessageAndRests() {
        delivery.add(listener, NO_ID);
        env.runUntilIdle();
        bench.messages(1, 3);
        assertThat(env.pendingTimers()).isOne();
        env.runFor(Duration.ofSeconds(1));
        assertThat(env.pendingTimers()).isZero();
        bench.messages(1, 1);
        assertThat(env.pendingTimers()).as("the next message wakes it").isOne();
    }

    @Test
    void watchdogsOfManyClientsLookTogether() {
        List<Bench> benches = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Bench one = new Bench(env, true);
            one.delivery.add(message -> {}, NO_ID);
            env.runFor(Duration.ofMillis(1));
            one.messages(1, 1);
            benches.add(one);
        }
        assertThat(env.pendingTimers()).isEqualTo(benches.size());
        assertThat(env.timerInstants()).isLessThanOrEqualTo(2);
        benches.forEach(one -> one.delivery.close(LOST));
    }

    @Test
    void anErrorInATaskIsToldAndGivesTheTurnBack() {
        Turn turn = new Turn(bench);
        turn.run(() -> {
            throw new AssertionError("on purpose");
        });
        assertThat(bench.faults).singleElement().asString().contains("on purpose");
        assertThat(turn.tryEnter()).isTrue();
    }

    @Test
    void watchdogNoticesABlockingListener() throws Exception {
        try (SystemEnvironment real = new SystemEnvironment()) {
            Bench blocking = new Bench(real, true);
            CountDownLatch release = new CountDownLatch(1);
            // Joined comes on a delivery thread, and messages behind it; the lane is direct a moment later.
            Thread transport = new Thread(
                    () -> {
                        while (release.getCount() > 0) {
                            blocking.text(1, new byte[] {'a'});
                            LockSupport.parkNanos(1_000_000);
                        }
                    },
                    "transport-under-test");
            blocking.delivery.add(
                    message -> {
                        if (Thread.currentThread() == transport) {
                            awaitQuietly(release);
                        }
                    },
                    NO_ID);
            transport.start();
            try {
                await().atMost(LONG).until(() -> !blocking.blocked.isEmpty());
                assertThat(blocking.blocked.get(0))
                        .contains("transport-under-test")
                        .contains("CountDownLatch");
                // Nothing else waits for it: events are taken, and the next connection's messages are queued.
                blocking.delivery.interrupted(1, LOST);
                assertThat(blocking.text(2, new byte[] {'b'})).isTrue();
                assertThat(blocking.delivery.queued()).isEqualTo(1);
            } finally {
                release.countDown();
            }
            transport.join();
            await().atMost(LONG).until(() -> blocking.delivery.queued() == 0);
            await("told that it is over")
                    .atMost(LONG)
                    .until(() ->
                            blocking.blocked.get(blocking.blocked.size() - 1).isEmpty());
            blocking.delivery.close(LOST);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
