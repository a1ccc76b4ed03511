// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/** A clock that moves when told to; everything runs on the test's thread, one task after another. */
final class ManualThreads implements GroupThreads {
    private record Timer(long due, Runnable task) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private long now = 1_000_000_000L;
    private long tasksRun;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Runnable schedule(long delayNanos, Runnable task) {
        Timer timer = new Timer(now + Math.max(0, delayNanos), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public Executor mailbox() {
        return tasks::add;
    }

    @Override
    public Executor publishing() {
        return tasks::add;
    }

    void run() {
        while (!tasks.isEmpty()) {
            tasksRun++;
            tasks.poll().run();
        }
    }

    void advance(Duration by) {
        long until = now + by.toNanos();
        run();
        for (Timer next = next(until); next != null; next = next(until)) {
            timers.remove(next);
            now = Math.max(now, next.due());
            next.task().run();
            run();
        }
        now = until;
    }

    private Timer next(long until) {
        return timers.stream()
                .filter(t -> t.due() <= until)
                .min(Comparator.comparingLong(Timer::due))
                .orElse(null);
    }

    long tasksRun() {
        return tasksRun;
    }

    int pendingTimers() {
        return timers.size();
    }
}
