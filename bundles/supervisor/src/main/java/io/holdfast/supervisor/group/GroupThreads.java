// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import java.util.concurrent.Executor;

/** Time and threads of a group; the simulation brings its own. */
public interface GroupThreads {
    /** Monotonic nanoseconds. */
    long nanoTime();

    /** Runs the task, which only posts, after the delay; the returned task calls it off. */
    Runnable schedule(long delayNanos, Runnable task);

    /** Serial: one group's decisions. */
    Executor mailbox();

    /** Completes what was handed out; runs foreign code. */
    Executor publishing();
}
