// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The timers of one connection, ended with it. Loop thread only. */
final class Timers {

    private final Loop loop;
    private final Consumer<Runnable> runner;
    private final Set<Loop.Timer> running = new HashSet<>();
    private boolean stopped;

    /** @param runner carries out the actions */
    Timers(Loop loop, Consumer<Runnable> runner) {
        this.loop = loop;
        this.runner = runner;
    }

    /** @return null when no more timers are taken */
    Loop.Timer start(long delayNanos, Runnable action) {
        if (stopped) {
            return null;
        }
        Loop.Timer[] timer = new Loop.Timer[1];
        timer[0] = loop.schedule(delayNanos, () -> {
            running.remove(timer[0]);
            runner.accept(action);
        });
        running.add(timer[0]);
        return timer[0];
    }

    void cancel(Loop.Timer timer) {
        loop.cancel(timer);
        running.remove(timer);
    }

    void stop() {
        stopped = true;
        running.forEach(loop::cancel);
        running.clear();
    }
}
