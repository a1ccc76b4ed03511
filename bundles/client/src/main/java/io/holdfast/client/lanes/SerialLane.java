// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Runs tasks one after another on a shared executor, in the order they were posted. A task that throws does not stop those
 * behind it. Posting is possible from any thread, also from a task of the same lane.
 */
public final class SerialLane implements Executor {
    /** Tasks run in one go before the thread is given to other lanes. */
    private static final int BATCH = 64;

    private final Executor executor;
    private final Consumer<Throwable> onFault;

    /** A list and not a queue's array, which would stay: there are ten thousand lanes with nothing to do. */
    private static final class Task {
        private final Runnable run;
        private Task next;

        private Task(Runnable run) {
            this.run = run;
        }
    }

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
        if (add(task)) {
            dispatch();
        }
    }

    /**
     * Runs the task, and what is posted meanwhile, on the caller's thread if the lane has nothing to do; otherwise in its turn,
     * as {@link #execute}. For callers that hold no lock and may be kept for a batch of tasks.
     */
    public void executeHere(Runnable task) {
        if (add(task)) {
            drain();
        }
    }

    /** Whether the caller is to see to it that the lane runs. */
    private synchronized boolean add(Runnable task) {
        Task added = new Task(task);
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

    private void dispatch() {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            // The pool has ended; the lane's owner has been told to close before.
            synchronized (this) {
                first = null;
                last = null;
                running = false;
            }
        }
    }

    private void drain() {
        for (int i = 0; i < BATCH; i++) {
            Task task;
            synchronized (this) {
                task = first;
                if (task == null) {
                    running = false;
                    return;
                }
                first = task.next;
                if (first == null) {
                    last = null;
                }
            }
            try {
                task.run.run();
            } catch (Exception | LinkageError | StackOverflowError e) {
                onFault.accept(e);
            } catch (Error e) {
                // A failed assertion or lack of memory ends this thread, but must not end the lane.
                try {
                    onFault.accept(e);
                } finally {
                    dispatch();
                }
                throw e;
            }
        }
        dispatch();
    }
}
