// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread: selector, timers and posted tasks, served in turn. Everything else in the simulator runs on it. */
public final class Loop {

    /** What a selection key carries. */
    public interface Ready {
        void ready();
    }

    /** A pending timer. */
    public static final class Timer implements Comparable<Timer> {
        private final long due;
        private final long order;
        private final Runnable action;

        private Timer(long due, long order, Runnable action) {
            this.due = due;
            this.order = order;
            this.action = action;
        }

        @Override
        public int compareTo(Timer that) {
            long early = due - that.due;
            return early != 0 ? Long.signum(early) : Long.compare(order, that.order);
        }
    }

    private final Logger log = LoggerFactory.getLogger(Loop.class);
    private final Selector selector;
    private final Thread thread;
    private final Object lock = new Object();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(); // guarded by lock
    private boolean ended; // guarded by lock
    private volatile boolean stopping;

    // loop thread only
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);
    private long timerOrder;
    private Runnable afterPass = () -> {};

    public Loop(String name) throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, name);
    }

    /** @param action runs after every pass, on the loop thread */
    public void start(Runnable action) {
        afterPass = action;
        thread.start();
    }

    /** Ends the thread after the tasks posted so far; waits for it unless called on it. */
    public void stop() {
        stopping = true;
        selector.wakeup();
        if (!inLoop()) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** Runs a task on the loop and waits for its result; in place when called on the loop or after its end. */
    public <T> T call(Supplier<T> task) {
        if (inLoop()) {
            return task.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        synchronized (lock) {
            if (ended) {
                return task.get(); // state is final then; the lock keeps two late callers apart
            }
            tasks.add(() -> {
                try {
                    result.complete(task.get());
                } catch (RuntimeException | LinkageError | StackOverflowError e) {
                    result.completeExceptionally(e);
                }
            });
        }
        selector.wakeup();
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    public void run(Runnable task) {
        call(() -> {
            task.run();
            return null;
        });
    }

    /** Loop thread only. */
    public Timer schedule(long delayNanos, Runnable action) {
        Timer timer = new Timer(System.nanoTime() + delayNanos, timerOrder++, action);
        timers.add(timer);
        return timer;
    }

    /** Loop thread only; a timer that ran or null is ignored. */
    public void cancel(Timer timer) {
        if (timer != null) {
            timers.remove(timer);
        }
    }

    /** A buffer for reading, empty; valid until the next use. Loop thread only. */
    public ByteBuffer scratch() {
        return scratch.clear();
    }

    public Selector selector() {
        return selector;
    }

    /** A closed channel leaves the operating system only when its key is removed from the selector: do that now. */
    public void purgeClosed() {
        try {
            selector.selectNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClosedSelectorException e) {
            log.debug("selector already closed: its keys are gone");
        }
    }

    private void run() {
        try {
            while (true) {
                select();
                runTasks();
                serveKeys();
                runTimers();
                guard(afterPass);
                if (stopping && finish()) {
                    return;
                }
            }
        } catch (IOException e) {
            log.error("the simulator's selector failed, it stops", e);
            synchronized (lock) {
                ended = true;
            }
            runTasks();
        } finally {
            try {
                selector.close();
            } catch (IOException e) {
                log.warn("closing the selector failed", e);
            }
        }
    }

    private boolean finish() {
        synchronized (lock) {
            if (!tasks.isEmpty()) {
                return false;
            }
            ended = true;
            return true;
        }
    }

    private void select() throws IOException {
        boolean posted;
        synchronized (lock) {
            posted = !tasks.isEmpty(); // its wake-up may have been used up by a purge
        }
        if (stopping || posted) {
            selector.selectNow();
            return;
        }
        Timer next = timers.peek();
        if (next == null) {
            selector.select();
            return;
        }
        long wait = next.due - System.nanoTime();
        if (wait <= 0) {
            selector.selectNow();
        } else {
            selector.select(Math.max(1, wait / 1_000_000));
        }
    }

    private void runTasks() {
        while (true) {
            Runnable task;
            synchronized (lock) {
                task = tasks.poll();
            }
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    private void serveKeys() {
        if (selector.selectedKeys().isEmpty()) {
            return;
        }
        // a copy, because serving one key may close channels and purge the selector
        SelectionKey[] ready = selector.selectedKeys().toArray(SelectionKey[]::new);
        selector.selectedKeys().clear();
        for (SelectionKey key : ready) {
            if (key.isValid()) {
                guard(((Ready) key.attachment())::ready);
            }
        }
    }

    private void runTimers() {
        long now = System.nanoTime();
        Timer next;
        while ((next = timers.peek()) != null && next.due - now <= 0) {
            timers.poll();
            guard(next.action);
        }
    }

    private void guard(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            log.error("the simulator's loop goes on after a failure", e);
        }
    }
}
