// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Runs tasks one after another on a shared executor, in the order they were posted. A task that throws does not stop those
 * behind it. Posting is possible from any thread, also from a task of the same lane.
 *
 * <p>When the executor has ended, no thread is left for what is posted to an idle lane: it does not run, and whoever waits for
 * it says by {@link #execute(Runnable, Runnable)} what happens instead. What was posted before still runs.
 */
public final class SerialLane implements Executor {
    /** Tasks run in one go before the thread is given to other lanes. */
    private static final int BATCH = 64;

    private final Executor executor;
    private final Consumer<Throwable> onFault;

    /** A list and not a queue's array, which would stay: there are ten thousand lanes with nothing to do. */
    private static final class Task {
        private final Runnable run;
        private final Runnable otherwise;
        private Task next;

        private Task(Runnable run, Runnable otherwise) {
            this.run = run;
            this.otherwise = otherwise;
        }
    }

    private static final Runnable NOTHING = () -> {};

    /** Null, as the last, when nothing waits. Guarded by this object, which is held for a few instructions, never while a task runs. */
    private Task first;

    private Task last;
    private boolean running;

    public SerialLane(Executor executor, Consumer<Throwable> onFault) {
        this.executor = executor;
        this.onFault = onFault;
    }

    @Override
    public void execute(Runnable task) {
        execute(task, NOTHING);
    }

    /**
     * For whoever waits for what the task does: either it runs, or, on the thread of a poster, the other one.
     *
     * @param otherwise instead, when the executor has ended; must not block
     */
    public void execute(Runnable task, Runnable otherwise) {
        if (add(task, otherwise) && !dispatch()) {
            // Others may have posted behind it meanwhile.
            for (Task t = rejected(); t != null; t = t.next) {
                guarded(t.otherwise);
            }
        }
    }

    /**
     * Runs the task, and what is posted meanwhile, on the caller's thread if the lane has nothing to do; otherwise in its turn,
     * as {@link #execute}. For callers that hold no lock and may be kept for a batch of tasks.
     */
    public void executeHere(Runnable task) {
        if (add(task, NOTHING)) {
            drain();
        }
    }

    /** Whether the caller is to see to it that the lane runs. */
    private synchronized boolean add(Runnable task, Runnable otherwise) {
        Task added = new Task(task, otherwise);
        if (first == null) {
            first = added;
        } else {
            last.next = added;
        }
        last = added;
        boolean idle = !running;
        running = true;
        return idle;
    }

    /** Whether there is a thread. */
    private boolean dispatch() {
        try {
            executor.execute(this::drain);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** All that wait; none does after this. */
    private synchronized Task rejected() {
        Task all = first;
        first = null;
        last = null;
        running = false;
        return all;
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Exception | LinkageError | StackOverflowError e) {
            onFault.accept(e);
        }
    }

    private void drain() {
        do {
            if (!batch()) {
                return;
            }
            // Once the executor has ended, this is the last thread there is.
        } while (!dispatch());
    }

    /** Whether there may be more. */
    private boolean batch() {
        for (int i = 0; i < BATCH; i++) {
            Task task;
            synchronized (this) {
                task = first;
                if (task == null) {
                    running = false;
                    return false;
                }
                first = task.next;
                if (first == null) {
                    last = null;
                }
            }
            try {
                guarded(task.run);
            } catch (Error e) {
                // A failed assertion or lack of memory ends this thread, but must not end the lane.
                try {
                    onFault.accept(e);
                } finally {
                    if (!dispatch()) {
                        drain();
                    }
                }
                throw e;
            }
        }
        return true;
    }
}
