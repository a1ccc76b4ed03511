// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.Comparator;
import java.util.OptionalLong;
import java.util.TreeSet;

/** At most one wait per child. Cancelled ones leave at once, so that a crash loop piles up nothing. */
final class Timers {

    /** What a child waits for. */
    enum Kind {
        /** The answer to an order. */
        ANSWER,
        /** The end of the restart delay. */
        DELAY,
        /** The end of the cool-down after having been given up. */
        COOL_DOWN,
        /** The proof of being stable. */
        TRIAL
    }

    /** One wait; {@code number} tells waits for the same moment apart, and which came first. */
    record Timer(long at, long number, ChildState child, Kind kind) {}

    // Differences instead of comparisons: the clock may wrap around.
    private final TreeSet<Timer> byTime = new TreeSet<>(
            ((Comparator<Timer>) (a, b) -> Long.signum(a.at() - b.at())).thenComparingLong(Timer::number));
    private long numbers;

    void set(ChildState child, Kind kind, long at) {
        cancel(child);
        child.timer = new Timer(at, ++numbers, child, kind);
        byTime.add(child.timer);
    }

    void cancel(ChildState child) {
        if (child.timer != null) {
            byTime.remove(child.timer);
            child.timer = null;
        }
    }

    /**
     * Takes the earliest wait that is over, or null. It stays the child's wait until {@link #ended}, so that whatever cancels
     * it in between still can.
     */
    Timer poll(long now) {
        return byTime.isEmpty() || byTime.first().at() - now > 0 ? null : byTime.pollFirst();
    }

    /** Ends a wait that was taken; false if it was cancelled since. */
    boolean ended(Timer timer) {
        if (timer.child().timer != timer) {
            return false;
        }
        timer.child().timer = null;
        return true;
    }

    OptionalLong next() {
        return byTime.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(byTime.first().at());
    }

    void clear() {
        byTime.clear();
    }
}
