// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Lets one thread at a time change what belongs to it, without anybody waiting: who finds it taken leaves a task, which the
 * holder runs before it goes. No foreign code runs inside, so the holder is never long.
 */
final class Turn {
    /** One for the holder and one for each task that it has not noticed yet; zero when free. */
    private final AtomicInteger claims = new AtomicInteger();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Consumer<Throwable> onFault;

    /** @param onFault told when a task threw, which is a fault of ours; the turn goes on */
    Turn(Consumer<Throwable> onFault) {
        this.onFault = onFault;
    }

    /** Takes the turn if it is free; then {@link #leave()} must follow on the same thread. Not reentrant. */
    boolean tryEnter() {
        return claims.compareAndSet(0, 1);
    }

    void leave() {
        int left = claims.addAndGet(-1);
        while (left != 0) {
            runTasks();
            left = claims.addAndGet(-left);
        }
    }

    /** Runs the task inside, now or by the present holder, in the order of the calls. */
    void run(Runnable task) {
        tasks.add(task);
        if (claims.getAndIncrement() == 0) {
            runTasks();
            leave();
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (Exception | LinkageError | StackOverflowError e) {
                onFault.accept(e);
            }
        }
    }
}
