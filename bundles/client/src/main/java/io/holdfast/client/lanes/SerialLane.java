// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import java.util.ArrayDeque;
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

    /** Guards itself and {@link #running}; held for a few instructions, never while a task runs. */
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(0);

    private boolean running;

    public SerialLane(Executor executor, Consumer<Throwable> onFault) {
        this.executor = executor;
        this.onFault = onFault;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        dispatch();
    }

    private void dispatch() {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            // The pool has ended; the lane's owner has been told to close before.
            synchronized (tasks) {
                tasks.clear();
                running = false;
            }
        }
    }

    private void drain() {
        for (int i = 0; i < BATCH; i++) {
            Runnable task;
            synchronized (tasks) {
                task = tasks.poll();
                if (task == null) {
                    running = false;
                    return;
                }
            }
            try {
                task.run();
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
