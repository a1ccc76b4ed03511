// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.supervisor.group.GroupThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads all groups of this bundle share: one timer, and as many for decisions and for foreign code as are busy at a time. Each
 * group has a lane of its own, so that a child that blocks in a call stops no other group.
 */
final class SupervisorThreads {
    private static final long CLOSE_SECONDS = 2;
    private static final long IDLE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor scheduler;
    private final ExecutorService mailboxes = pool("mailbox");
    private final ExecutorService publishing = pool("publish");

    SupervisorThreads() {
        scheduler = new ScheduledThreadPoolExecutor(1, named("timer"));
        scheduler.setRemoveOnCancelPolicy(true);
    }

    /** Threads of one more group. */
    GroupThreads ofGroup(String group) {
        return new OfGroup(new Lane("Group " + group, mailboxes));
    }

    /** One more lane for foreign code. */
    Executor lane(String name) {
        return new Lane(name, publishing);
    }

    void close() {
        scheduler.shutdownNow();
        mailboxes.shutdown();
        try {
            mailboxes.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        mailboxes.shutdownNow();
        publishing.shutdown();
        publishing.shutdownNow();
    }

    private static ExecutorService pool(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), named(name));
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        // Threads that foreign code makes while we call it inherit this one, and would keep our own.
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        return task -> {
            Thread thread = new Thread(task, "holdfast-supervisor-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    private final class OfGroup implements GroupThreads {
        private final Lane mailbox;

        private OfGroup(Lane mailbox) {
            this.mailbox = mailbox;
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Runnable schedule(long delayNanos, Runnable task) {
            try {
                Future<?> timer = scheduler.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
                return () -> timer.cancel(false);
            } catch (RejectedExecutionException e) {
                // The bundle is stopping: nothing is decided any more.
                return () -> {};
            }
        }

        @Override
        public Executor mailbox() {
            return mailbox;
        }

        /** Signals of children come at any time, on their own threads, which must not pay for the end of this bundle. */
        @Override
        public Executor publishing() {
            return task -> {
                try {
                    publishing.execute(task);
                } catch (RejectedExecutionException e) {
                    // So late, whoever waits is better told on this thread than never.
                    task.run();
                }
            };
        }
    }
}
