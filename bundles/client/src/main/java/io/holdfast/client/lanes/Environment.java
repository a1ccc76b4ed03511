// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * All time, chance and threads the engine has. The shipped one is {@link SystemEnvironment}; the simulation brings a
 * virtual clock and runs every executor in one deterministic order.
 */
public interface Environment {
    /** Monotonic nanoseconds. */
    long nanoTime();

    Instant wallTime();

    RandomGenerator random();

    /** Runs the task on the scheduler's thread after the delay; the task must only post. */
    Cancellable schedule(long delayNanos, Runnable task);

    /** For mailboxes: serial work that never blocks. */
    Executor mailboxes();

    /**
     * Whether a mailbox that has nothing to do may work on the thread of the transport that tells of the beginning or the end of
     * a connection, which spares a hand-over. Asked each time.
     */
    boolean worksWhereTold();

    /** For hooks of plugins and credential sources: may hang, so threads are added as needed. */
    Executor plugins();

    /** For listeners: may block, so threads are added as needed. */
    Executor deliveries();

    /** For stages, events, conditions: foreign code that reacts to us. A few threads for all, with stand-ins for those that hang. */
    Executor publishing();

    /** A timer that can be called off. */
    interface Cancellable {
        /** No timer. Put in the place of one that is over, which otherwise stays reachable with its task. */
        Cancellable NONE = () -> {};

        void cancel();
    }
}
