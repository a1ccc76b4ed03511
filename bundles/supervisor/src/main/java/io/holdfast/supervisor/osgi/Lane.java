// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after another, in the order in which they came, on threads it shares with others. Any thread may post. */
final class Lane implements Executor {
    /** Tasks run in one go before the thread is given to other lanes. */
    private static final int BATCH = 64;

    private final Logger logger = LoggerFactory.getLogger(Lane.class);
    private final String name;
    private final Executor threads;

    /** Guards itself and {@link #running}; held for a few instructions, never while a task runs. */
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    private boolean running;

    /** @param name for the log */
    Lane(String name, Executor threads) {
        this.name = name;
        this.threads = threads;
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
            threads.execute(this::drain);
        } catch (RejectedExecutionException e) {
            logger.debug("{}: the bundle has stopped, its messages are dropped", name);
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
            boolean finished = false;
            try {
                task.run();
                finished = true;
            } catch (Exception | LinkageError | StackOverflowError e) {
                logger.error("{}: a task failed: {}", name, e.getClass().getName());
                finished = true;
            } finally {
                // Whatever else was thrown ends this thread, but not the lane.
                if (!finished) {
                    dispatch();
                }
            }
        }
        dispatch();
    }
}
