// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.OverflowPolicy.Kind;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.SystemEnvironment;
import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Several connections that feed one queue: each that is told to stop reading is told once that it may go on. There are two
 * while one replaces the other; a third may come before the first has been told.
 */
class SharedQueueTest {
    private static final Cause LOST = Cause.of(Cause.Kind.LOST, "gone");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int EACH = 2_000;

    private final VirtualEnvironment env = new VirtualEnvironment(1);

    private static Bench bench(Environment environment, MessageListener listener) {
        Bench bench = new Bench(environment, false);
        bench.policy = Bench.policy(Kind.BLOCK, 10, 1 << 20);
        bench.blockLimit = LONG;
        bench.delivery.add(listener, Optional.empty());
        return bench;
    }

    /** Fills the queue by the first connection, and lets each of the others bring a message that shows it to be full. */
    private static void fill(Bench bench) {
        for (int i = 0; i < 9; i++) {
            assertThat(bench.message(1, 20)).isTrue();
        }
        for (long connection = 1; connection <= 3; connection++) {
            assertThat(bench.message(connection, 20)).isFalse();
        }
        assertThat(bench.demands).isEmpty();
    }

    @Test
    @DisplayName("what was stopped goes on when there is room: each connection once, none that was not stopped")
    void allGoOn() {
        Recorder listener = new Recorder();
        Bench bench = bench(env, listener);
        env.runUntilIdle();
        fill(bench);
        env.runUntilIdle();
        assertThat(bench.demands).containsExactly(1L, 2L, 3L);
        bench.demands.clear();
        for (int i = 0; i < 9; i++) {
            assertThat(bench.message(2, 20)).isTrue();
        }
        assertThat(bench.message(2, 20)).isFalse();
        env.runUntilIdle();
        assertThat(bench.demands).containsExactly(2L);
        assertThat(listener.delivered()).isEqualTo(22);
        assertThat(listener.place.violations).isEmpty();
        assertThat(bench.overflows).isEmpty();
        assertThat(bench.delivery.dropped()).isZero();
    }

    @Test
    @DisplayName("a connection that was lost, and those before it, are not told; the one after them is")
    void whatHasEndedIsNotTold() {
        Recorder listener = new Recorder();
        Bench bench = bench(env, listener);
        env.runUntilIdle();
        fill(bench);
        bench.delivery.interrupted(2, LOST);
        assertThat(bench.message(1, 20)).as("taken and thrown away").isTrue();
        assertThat(bench.message(2, 20)).as("taken and thrown away").isTrue();
        env.runUntilIdle();
        assertThat(bench.demands).containsExactly(3L);
        assertThat(listener.delivered()).isEqualTo(12);
        assertThat(listener.place.violations).isEmpty();
    }

    @Test
    @DisplayName("a listener that leaves, and the end of the delivery, keep nobody waiting")
    void nobodyIsKeptWaiting() {
        Recorder listener = new Recorder();
        Bench bench = bench(env, listener);
        env.runUntilIdle();
        fill(bench);
        bench.delivery.remove(listener);
        assertThat(bench.demands).containsExactly(1L, 2L, 3L);
        bench.delivery.close(LOST);
        for (long connection = 1; connection <= 3; connection++) {
            assertThat(bench.message(connection, 20)).isTrue();
        }
    }

    /** What came of each connection, in its order. */
    private static final class PerConnection implements MessageListener {
        private final List<List<Long>> numbers = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void onMessage(Message message) {
            numbers.get((int) message.connection() - 1).add(message.receivedNanos());
            count.incrementAndGet();
        }
    }

    @Test
    @DisplayName("on three threads: every stop is followed by one demand, and nothing is lost or out of order")
    void onThreads() throws InterruptedException {
        SystemEnvironment real = new SystemEnvironment();
        PerConnection listener = new PerConnection();
        Bench bench = bench(real, listener);
        int[] stops = new int[3];
        List<Thread> transports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int connection = i + 1;
            Thread transport = new Thread(() -> stops[connection - 1] = bring(bench, connection), "transport-" + i);
            transports.add(transport);
            transport.start();
        }
        for (Thread transport : transports) {
            transport.join(4 * LONG.toMillis());
            assertThat(transport.isAlive())
                    .as("waits for a demand that does not come")
                    .isFalse();
        }
        await().atMost(LONG).until(() -> listener.count.get() == 3 * EACH);
        for (int i = 0; i < 3; i++) {
            assertThat(stops[i]).as("stops of connection " + (i + 1)).isPositive();
            assertThat(Collections.frequency(bench.demands, i + 1L)).isEqualTo(stops[i]);
            assertThat(listener.numbers.get(i)).hasSize(EACH).isSorted();
        }
        assertThat(bench.delivery.dropped()).isZero();
        assertThat(bench.overflows).isEmpty();
        bench.delivery.close(LOST);
        real.close();
    }

    /** @return how often it was told to stop */
    private static int bring(Bench bench, long connection) {
        int stops = 0;
        for (int i = 1; i <= EACH; i++) {
            if (!bench.numbered(connection, i, 20)) {
                stops++;
                long deadline = System.nanoTime() + LONG.toNanos();
                while (Collections.frequency(bench.demands, connection) < stops) {
                    if (System.nanoTime() - deadline > 0) {
                        return -stops;
                    }
                    LockSupport.parkNanos(20_000);
                }
            }
        }
        return stops;
    }
}
