// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.OverflowPolicy.Kind;
import io.holdfast.client.lanes.SystemEnvironment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Real threads. Nothing here depends on how quick they are. */
class DeliveryStressTest {
    private static final Cause LOST = Cause.of(Cause.Kind.LOST, "cut");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int FLOOD = 200_000;

    private final SystemEnvironment env = new SystemEnvironment();

    @AfterEach
    void close() {
        env.close();
    }

    @Test // N16
    void floodOfTwoHundredThousandIsBoundedAndTheRestIsTold() {
        Bench bench = new Bench(env, false);
        bench.policy = Bench.policy(Kind.DISCONNECT, 65_536, 32 << 20);
        Recorder slow = new Recorder(new Recorder.Place(), message -> LockSupport.parkNanos(1_000_000));
        bench.delivery.add(slow, Optional.empty());
        long most = 0;
        long capacity = 0;
        for (int i = 0; i < FLOOD; i++) {
            assertThat(bench.message(1, 1024)).isTrue();
            most = Math.max(most, bench.delivery.queued());
            capacity = Math.max(capacity, bench.delivery.capacity());
        }
        assertThat(most).isLessThanOrEqualTo(32 << 10);
        assertThat(capacity).isLessThanOrEqualTo((32L << 20) + 64 * 65_536);
        assertThat(bench.overflows).as("observable").hasSize(1);
        assertThat(bench.delivery.dropped()).isGreaterThanOrEqualTo(FLOOD - (32 << 10) - slow.delivered());
        bench.delivery.interrupted(1, LOST);
        bench.delivery.close(LOST);
        await().atMost(LONG).until(slow::hasLeft);
        assertThat(slow.place.violations).isEmpty();
        assertThat(slow.delivered() + slow.place.missing).isEqualTo(FLOOD);
        assertThat(bench.delivery.dropped()).isEqualTo(slow.place.missing);
    }

    @Test // N16
    void floodWithDropOldestStaysBounded() {
        Bench bench = new Bench(env, false);
        bench.policy = Bench.policy(Kind.DROP_OLDEST, 1000, 32 << 20);
        Recorder slow = new Recorder(new Recorder.Place(), message -> LockSupport.parkNanos(1_000_000));
        bench.delivery.add(slow, Optional.empty());
        for (int i = 0; i < FLOOD; i++) {
            assertThat(bench.message(1, 1024)).isTrue();
        }
        assertThat(bench.delivery.queued()).isLessThanOrEqualTo(1000);
        assertThat(bench.delivery.capacity()).isLessThan(4 << 20);
        bench.delivery.close(LOST);
        await().atMost(LONG).until(slow::hasLeft);
        assertThat(slow.place.violations).isEmpty();
        assertThat(slow.delivered() + slow.place.missing).isEqualTo(FLOOD);
        assertThat(bench.overflows).isEmpty();
        assertThat(bench.delivery.dropped()).isEqualTo(slow.place.missing);
    }

    @Test
    void blockLosesNothing() {
        Bench bench = new Bench(env, false);
        bench.policy = Bench.policy(Kind.BLOCK, 50, 1 << 20);
        bench.blockLimit = LONG;
        Recorder listener = new Recorder();
        bench.delivery.add(listener, Optional.empty());
        int stops = 0;
        for (int i = 0; i < 100_000; i++) {
            if (!bench.message(1, 100)) {
                stops++;
                // One demand for each stop, however early it comes.
                long deadline = System.nanoTime() + LONG.toNanos();
                while (bench.demands.isEmpty() && System.nanoTime() - deadline < 0) {
                    Thread.onSpinWait();
                }
                assertThat(bench.demands).hasSize(1);
                bench.demands.clear();
            }
        }
        bench.delivery.close(LOST);
        await().atMost(LONG).until(listener::hasLeft);
        assertThat(listener.delivered()).isEqualTo(100_000);
        assertThat(bench.delivery.dropped()).isZero();
        assertThat(bench.overflows).isEmpty();
        assertThat(stops).isPositive();
    }

    /** Invariant 10 on real threads: a transport, a mailbox, and a thread that adds and removes listeners. */
    @ParameterizedTest
    @CsvSource({
        "DISCONNECT,false",
        "DROP_OLDEST,false",
        "BLOCK,false",
        "DISCONNECT,true",
        "DROP_OLDEST,true",
        "BLOCK,true"
    })
    void listenersComeAndGoUnderTraffic(Kind kind, boolean direct) throws InterruptedException {
        Bench bench = new Bench(env, direct);
        bench.policy = Bench.policy(kind, 200, 64 << 10);
        bench.blockLimit = Duration.ofMillis(20);
        bench.gapMax = Duration.ofMillis(5);
        Delivery delivery = bench.delivery;
        AtomicBoolean stop = new AtomicBoolean();
        long[] connection = {1};
        Thread transport = new Thread(
                () -> {
                    SplittableRandom random = new SplittableRandom(1);
                    for (int i = 0; i < 60_000; i++) {
                        long on;
                        synchronized (connection) {
                            on = connection[0];
                        }
                        long before = bench.demands.size();
                        if (!bench.numbered(on, i + 1, random.nextInt(300))) {
                            // Goes on at demand, at the next connection, or when it was told before.
                            while (bench.demands.size() == before && !stop.get() && random.nextInt(1000) != 0) {
                                Thread.onSpinWait();
                            }
                        }
                    }
                    stop.set(true);
                },
                "transport");
        Thread mailbox = new Thread(
                () -> {
                    int handled = 0;
                    SplittableRandom random = new SplittableRandom(2);
                    while (!stop.get()) {
                        if (bench.overflows.size() > handled || random.nextInt(200) == 0) {
                            handled = bench.overflows.size();
                            synchronized (connection) {
                                delivery.interrupted(connection[0], LOST);
                                connection[0]++;
                                delivery.resumed(connection[0], Duration.ZERO);
                            }
                        }
                        LockSupport.parkNanos(100_000);
                    }
                },
                "mailbox");
        transport.start();
        mailbox.start();
        List<Recorder.Place> places = new ArrayList<>();
        List<Recorder> present = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        Recorder steady = slow(new Recorder.Place(), random);
        present.add(steady);
        places.add(steady.place);
        delivery.add(steady, Optional.empty());
        String[] ids = {"a", "b", "c"};
        Recorder[] holders = new Recorder[3];
        Recorder.Place[] held = {new Recorder.Place(), new Recorder.Place(), new Recorder.Place()};
        places.addAll(Arrays.asList(held));
        while (!stop.get()) {
            int i = random.nextInt(3);
            if (holders[i] == null) {
                holders[i] = slow(held[i], random);
                delivery.add(holders[i], Optional.of(ids[i]));
            } else {
                delivery.remove(holders[i]);
                holders[i].removed();
                holders[i] = null;
            }
            LockSupport.parkNanos(random.nextInt(4_000_000));
        }
        transport.join();
        mailbox.join();
        for (Recorder holder : holders) {
            if (holder != null) {
                present.add(holder);
            }
        }
        delivery.close(LOST);
        for (Recorder recorder : present) {
            await().atMost(LONG).until(recorder::hasLeft);
        }
        for (Recorder.Place place : places) {
            assertThat(place.violations).isEmpty();
        }
        for (Recorder recorder : present) {
            assertThat(recorder.place.next).as("knows of every message").isEqualTo(delivery.messages() + 1);
        }
        await().atMost(LONG).until(() -> delivery.listeners() == 0 && delivery.queued() == 0);
    }

    private static Recorder slow(Recorder.Place place, SplittableRandom random) {
        int throwing = 50 + random.nextInt(100);
        int pausing = 20 + random.nextInt(500);
        return new Recorder(place, message -> {
            if (message.sequence() % pausing == 0) {
                LockSupport.parkNanos(50_000);
            }
            if (message.sequence() % throwing == 0) {
                throw new IllegalStateException("on purpose");
            }
        });
    }

    @Test // N15
    void blockingListenerHoldsUpNobodyElse() throws InterruptedException {
        Bench bench = new Bench(env, false);
        bench.policy = Bench.policy(Kind.DROP_OLDEST, 100, 1 << 20);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Recorder hanging = new Recorder(new Recorder.Place(), message -> {
            entered.countDown();
            awaitQuietly(release);
        });
        Recorder quick = new Recorder();
        bench.delivery.add(hanging, Optional.empty());
        bench.delivery.add(quick, Optional.empty());
        bench.messages(1, 1);
        entered.await();
        bench.policy = Bench.policy(Kind.DROP_OLDEST, 100_000, 1 << 20);
        bench.messages(1, 1000);
        await().atMost(LONG).until(() -> quick.place.next == 1002);
        release.countDown();
        bench.delivery.close(LOST);
        await().atMost(LONG).until(hanging::hasLeft);
        assertThat(hanging.place.violations).isEmpty();
    }

    @Test
    void removeWaitsForTheCallButNotForEver() throws InterruptedException {
        Bench bench = new Bench(env, false);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Recorder hanging = new Recorder(new Recorder.Place(), message -> {
            entered.countDown();
            awaitQuietly(release);
        });
        bench.delivery.add(hanging, Optional.of("x"));
        bench.messages(1, 5);
        entered.await();
        bench.delivery.remove(hanging);
        assertThat(release.getCount()).as("returned although the call goes on").isEqualTo(1);
        assertThat(bench.delivery.listeners()).isZero();
        // One that returns in its place does not wait for the one that hangs.
        Recorder next = new Recorder();
        next.place.next = 2;
        bench.delivery.add(next, Optional.of("x"));
        await().atMost(LONG).until(() -> next.place.next == 6);
        release.countDown();
        bench.delivery.close(LOST);
        await().atMost(LONG).until(next::hasLeft);
        assertThat(next.place.violations).isEmpty();
        assertThat(hanging.delivered()).as("nothing after the call it was in").isEqualTo(1);
    }

    @Test
    void removeReturnsWhenTheCallHasEnded() throws InterruptedException {
        Bench bench = new Bench(env, false);
        CountDownLatch entered = new CountDownLatch(1);
        AtomicBoolean inside = new AtomicBoolean();
        MessageListener listener = message -> {
            inside.set(true);
            entered.countDown();
            LockSupport.parkNanos(20_000_000);
            inside.set(false);
        };
        bench.delivery.add(listener, Optional.empty());
        bench.messages(1, 1);
        entered.await();
        bench.delivery.remove(listener);
        assertThat(inside.get()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void removedListenersCanBeCollected(Leaving how) {
        Bench bench = new Bench(env, how == Leaving.DIRECT);
        WeakReference<MessageListener> listener = visit(bench, how);
        await().atMost(LONG).until(() -> {
            System.gc();
            return listener.get() == null;
        });
        bench.delivery.close(LOST);
    }

    enum Leaving {
        PLAIN,
        WITH_ID,
        DIRECT,
        THROWING
    }

    private WeakReference<MessageListener> visit(Bench bench, Leaving how) {
        byte[] own = new byte[1000];
        CountDownLatch called = new CountDownLatch(1);
        MessageListener listener = message -> {
            own[0]++;
            called.countDown();
            if (how == Leaving.THROWING) {
                throw new IllegalStateException("" + own[0]);
            }
        };
        bench.delivery.add(listener, how == Leaving.WITH_ID ? Optional.of("x") : Optional.empty());
        bench.messages(1, 3);
        awaitQuietly(called);
        bench.delivery.remove(listener);
        bench.messages(1, 3);
        return new WeakReference<>(listener);
    }

    @Test
    void steadyPathAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long me = Thread.currentThread().getId();
        ByteBuffer payload = ByteBuffer.wrap(Recorder.payload(1, 400));
        long[] sum = new long[1];
        for (boolean direct : new boolean[] {false, true}) {
            var virtual = new io.holdfast.client.sim.VirtualEnvironment(1);
            Bench bench = new Bench(virtual, direct);
            bench.policy = Bench.policy(Kind.DISCONNECT, 65_536, 32 << 20);
            for (int i = 0; i < 2; i++) {
                bench.delivery.add(
                        message -> sum[0] += message.bytes().remaining() + message.sequence(), Optional.of("l" + i));
            }
            long allocated = 0;
            for (int round = 0; round < 40; round++) {
                virtual.runUntilIdle();
                long before = threads.getThreadAllocatedBytes(me);
                for (int i = 0; i < 1000; i++) {
                    bench.delivery.deliver(true, payload, i, 1);
                }
                virtual.runUntilIdle();
                allocated = threads.getThreadAllocatedBytes(me) - before;
            }
            // Per thousand messages a few objects for waking the lanes are allowed, not one per message.
            assertThat(allocated).as(direct ? "direct" : "queued").isLessThan(4_000);
            assertThat(bench.delivery.dropped()).isZero();
            bench.delivery.close(LOST);
        }
        assertThat(sum[0]).isPositive();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
