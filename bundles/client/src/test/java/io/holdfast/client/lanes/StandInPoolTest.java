// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StandInPoolTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(20);

    private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1);
    private final Set<Thread> made = ConcurrentHashMap.newKeySet();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void end() {
        released.countDown();
        timer.shutdownNow();
    }

    private StandInPool pool(Duration patience, Duration idle) {
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            made.add(thread);
            return thread;
        };
        return new StandInPool(timer, patience, idle, factory);
    }

    private long alive() {
        return made.stream().filter(Thread::isAlive).count();
    }

    private void hang() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitAll(CountDownLatch done) throws InterruptedException {
        assertThat(done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_mass_of_tasks_that_wait_for_one_lock_has_few_threads() throws Exception {
        StandInPool pool = pool(NEVER, NEVER);
        CountDownLatch done = new CountDownLatch(5_000);
        Object lock = new Object();
        for (int i = 0; i < 5_000; i++) {
            pool.execute(() -> {
                synchronized (lock) {
                    done.countDown();
                }
            });
        }
        awaitAll(done);
        assertThat(made).hasSizeLessThanOrEqualTo(StandInPool.WIDTH);
        pool.shutdown();
    }

    @Test
    void who_hangs_does_not_keep_the_others_waiting() throws Exception {
        StandInPool pool = pool(SOON, SOON);
        int hanging = 5 * StandInPool.WIDTH;
        for (int i = 0; i < hanging; i++) {
            pool.execute(this::hang);
        }
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            pool.execute(done::countDown);
        }
        awaitAll(done);
        // Whoever was put aside in a task for so long has had a stand-in, too, which goes.
        await("no more than one for each")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(alive()).isBetween((long) hanging, (long) hanging + StandInPool.WIDTH));

        released.countDown();
        await("no thread without work").atMost(LIMIT).until(() -> alive() == 0);
        made.clear();
        CountDownLatch again = new CountDownLatch(1_000);
        await("the width it had").atMost(LIMIT).until(() -> pool.width() == StandInPool.WIDTH);
        for (int i = 0; i < 1_000; i++) {
            pool.execute(again::countDown);
        }
        awaitAll(again);
        pool.shutdown();
    }

    @Test
    void there_is_a_limit() throws Exception {
        StandInPool pool = pool(Duration.ofMillis(1), SOON);
        AtomicInteger begun = new AtomicInteger();
        int tasks = StandInPool.LIMIT + 50;
        CountDownLatch done = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            pool.execute(() -> {
                begun.incrementAndGet();
                hang();
                done.countDown();
            });
        }
        await("as many as may").atMost(LIMIT).until(() -> begun.get() == StandInPool.LIMIT);
        await("no more")
                .during(Duration.ofMillis(200))
                .atMost(LIMIT)
                .until(() -> begun.get() == StandInPool.LIMIT && made.size() == StandInPool.LIMIT);
        released.countDown();
        awaitAll(done);
        pool.shutdown();
    }

    @Test
    void what_was_taken_is_run_after_the_end_although_all_hang() throws Exception {
        StandInPool pool = pool(NEVER, SOON);
        CountDownLatch inside = new CountDownLatch(StandInPool.WIDTH);
        CountDownLatch stubborn = new CountDownLatch(StandInPool.WIDTH);
        for (int i = 0; i < StandInPool.WIDTH; i++) {
            pool.execute(() -> {
                inside.countDown();
                hang();
                stubborn.countDown();
                // Whoever swallows the interruption and goes on waiting.
                Thread.interrupted();
                hang();
            });
        }
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            pool.execute(done::countDown);
        }
        awaitAll(inside);
        pool.shutdown();
        timer.shutdownNow();
        pool.await(0);
        pool.interrupt();
        awaitAll(stubborn);
        awaitAll(done);
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        released.countDown();
        await("no thread").atMost(LIMIT).until(() -> alive() == 0);
    }
}
