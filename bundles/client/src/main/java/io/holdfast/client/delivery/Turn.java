// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets one thread at a time change what belongs to it, without anybody waiting: who finds it taken leaves a task, which the
 * holder runs before it goes. No foreign code runs inside, so the holder is never long.
 */
final class Turn {
    private static final VarHandle CLAIMS;
    private static final VarHandle NEWEST;

    static {
        try {
            CLAIMS = MethodHandles.lookup().findVarHandle(Turn.class, "claims", int.class);
            NEWEST = MethodHandles.lookup().findVarHandle(Turn.class, "newest", Task.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One for the holder and one for each task that it has not noticed yet; zero when free. A field: there are ten thousand. */
    private volatile int claims;

    private static final class Task {
        private final Runnable run;

        /** As left: the one before. Turned round by the holder: the one after. */
        private Task next;

        private Task(Runnable run) {
            this.run = run;
        }
    }

    /** What was left for the holder, each with the one before; null, and nothing held, when there is none. */
    private volatile Task newest;

    private final Delivery.Owner owner;

    /** @param owner told when a task threw, which is a fault of ours; the turn goes on */
    Turn(Delivery.Owner owner) {
        this.owner = owner;
    }

    /** Takes the turn if it is free; then {@link #leave()} must follow on the same thread. Not reentrant. */
    boolean tryEnter() {
        return CLAIMS.compareAndSet(this, 0, 1);
    }

    void leave() {
        int left = (int) CLAIMS.getAndAdd(this, -1) - 1;
        while (left != 0) {
            runTasks();
            left = (int) CLAIMS.getAndAdd(this, -left) - left;
        }
    }

    /** Runs the task inside, now or by the present holder, in the order of the calls. */
    void run(Runnable task) {
        Task left = new Task(task);
        Task before;
        do {
            before = newest;
            left.next = before;
        } while (!NEWEST.compareAndSet(this, before, left));
        if ((int) CLAIMS.getAndAdd(this, 1) == 0) {
            runTasks();
            leave();
        }
    }

    private void runTasks() {
        for (Task task = takeOldest(); task != null; task = task.next == null ? takeOldest() : task.next) {
            try {
                task.run.run();
            } catch (Exception | Error e) {
                // Lack of memory too: a turn that is not given back stops the client for good.
                owner.failed(e);
            }
        }
    }

    /** All that was left, the oldest first. */
    private Task takeOldest() {
        Task oldest = null;
        Task task = (Task) NEWEST.getAndSet(this, null);
        while (task != null) {
            Task before = task.next;
            task.next = oldest;
            oldest = task;
            task = before;
        }
        return oldest;
    }
}
