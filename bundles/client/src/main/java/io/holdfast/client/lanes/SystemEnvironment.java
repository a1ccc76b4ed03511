// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** The real clock and real threads, one set for all clients of a bundle or a {@code Holdfast} instance. */
public final class SystemEnvironment implements Environment, AutoCloseable {
    private static final int MAILBOX_THREADS = 2;
    private static final long IDLE_SECONDS = 10;

    /** As long as a hook of a plugin may take; well below the time that a supervisor waits for the answer to an order. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final long CLOSE_SECONDS = 2;

    private final ClassLoader contextLoader;
    private final ScheduledThreadPoolExecutor scheduler;
    private final ExecutorService mailboxes;
    private final ExecutorService plugins;
    private final ExecutorService deliveries;
    private final StandInPool publishing;

    /** For plain Java: users' code is called with the context class loader that it mostly shares with us. */
    public SystemEnvironment() {
        this(SystemEnvironment.class.getClassLoader());
    }

    /**
     * @param contextLoader of every thread. Foreign code that makes threads of its own hands it on to them, so it must live as
     *     long as the process where bundles are updated
     */
    public SystemEnvironment(ClassLoader contextLoader) {
        this.contextLoader = contextLoader;
        scheduler = new ScheduledThreadPoolExecutor(1, named("timer"));
        mailboxes = Executors.newFixedThreadPool(MAILBOX_THREADS, named("mailbox"));
        plugins = growing("plugin");
        deliveries = growing("delivery");
        publishing = new StandInPool(scheduler, PATIENCE, Duration.ofSeconds(IDLE_SECONDS), named("publish"));
        scheduler.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant wallTime() {
        return Instant.now();
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    @Override
    public Cancellable schedule(long delayNanos, Runnable task) {
        try {
            ScheduledFuture<?> timer = scheduler.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException e) {
            // Everything is ending: what was to come later does not come any more.
            return () -> {};
        }
    }

    @Override
    public Executor mailboxes() {
        return mailboxes;
    }

    @Override
    public boolean worksWhereTold() {
        return true;
    }

    @Override
    public Executor plugins() {
        return plugins;
    }

    @Override
    public Executor deliveries() {
        return deliveries;
    }

    @Override
    public Executor publishing() {
        return publishing;
    }

    /** Ends every thread; waits a bounded time for those that are in foreign code. */
    @Override
    public void close() {
        scheduler.shutdownNow();
        ExecutorService[] pools = {mailboxes, plugins, deliveries};
        for (ExecutorService pool : pools) {
            pool.shutdown();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        try {
            // What mailboxes still do completes stages, for which there must be a thread.
            mailboxes.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            publishing.shutdown();
            for (ExecutorService pool : pools) {
                pool.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            publishing.await(Math.max(0, deadline - System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            publishing.shutdown();
            for (ExecutorService pool : pools) {
                pool.shutdownNow();
            }
            publishing.interrupt();
        }
    }

    private ExecutorService growing(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), named(name));
    }

    private ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "holdfast-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            // Not that of whoever happens to need the thread first: it would be pinned.
            thread.setContextClassLoader(contextLoader);
            return thread;
        };
    }
}
