// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A few threads for many short tasks that run foreign code. A task that does not return in time gets a stand-in, so that whoever
 * blocks delays the others by no more than that time; a mass of tasks that merely wait for each other's locks gets none.
 *
 * <p>The number of threads is {@link #WIDTH} and one for each task that hangs, never more than {@link #LIMIT}: with as many hanging
 * tasks the others wait until one of them returns. Threads end when they have had nothing to do for a while.
 */
final class StandInPool implements Executor {
    static final int WIDTH = 8;
    static final int LIMIT = 256;

    private final ScheduledExecutorService timer;
    private final Duration patience;
    private final ThreadPoolExecutor threads;

    /** Who is in a task, and since when. */
    private final Map<Thread, Long> busy = new ConcurrentHashMap<>();

    /** Whether a look is due. */
    private final AtomicBoolean watched = new AtomicBoolean();

    /**
     * @param patience how long a task may take before it gets a stand-in
     * @param idle how long a thread stays without work
     */
    StandInPool(ScheduledExecutorService timer, Duration patience, Duration idle, ThreadFactory factory) {
        this.timer = timer;
        this.patience = patience;
        threads = new ThreadPoolExecutor(
                WIDTH, WIDTH, idle.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(() -> {
            busy.put(Thread.currentThread(), System.nanoTime());
            try {
                task.run();
            } finally {
                busy.remove(Thread.currentThread());
            }
        });
        watch();
    }

    /** No task is taken any more; those that were are still run. */
    void shutdown() {
        threads.shutdown();
    }

    /** Waits for the tasks that were taken. */
    void await(long nanos) throws InterruptedException {
        threads.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }

    /** Interrupts who is in a task, and gives each a stand-in: the tasks behind still run, as somebody waits for the stages they complete. */
    void interrupt() {
        busy.keySet().forEach(Thread::interrupt);
        resize(WIDTH + busy.size());
    }

    /** Threads there may be now. */
    int width() {
        return threads.getCorePoolSize();
    }

    private void watch() {
        if (!threads.getQueue().isEmpty() && watched.compareAndSet(false, true)) {
            lookLater();
        }
    }

    private void lookLater() {
        try {
            timer.schedule(this::look, patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Everything is ending: who hangs is interrupted.
            watched.set(false);
        }
    }

    private void look() {
        long now = System.nanoTime();
        long hanging = busy.values().stream()
                .filter(since -> now - since >= patience.toNanos())
                .count();
        resize(WIDTH + (int) hanging);
        if (hanging > 0 || !threads.getQueue().isEmpty()) {
            lookLater();
        } else {
            watched.set(false);
            // A task may have come since the queue was looked at.
            watch();
        }
    }

    private synchronized void resize(int wanted) {
        int width = Math.min(LIMIT, wanted);
        if (width > threads.getCorePoolSize()) {
            threads.setMaximumPoolSize(width);
            threads.setCorePoolSize(width);
        } else if (width < threads.getCorePoolSize()) {
            threads.setCorePoolSize(width);
            threads.setMaximumPoolSize(width);
        }
    }
}
