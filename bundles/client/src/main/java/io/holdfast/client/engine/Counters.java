// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import java.util.concurrent.atomic.AtomicLongArray;

/** A client's figures that outlive its connections; written from several threads. One array: there are ten thousand clients. */
final class Counters {
    enum Count {
        ATTEMPTS,
        OPENS,
        LOSSES,
        ROTATIONS,
        MESSAGES_OUT,
        HEARTBEATS,
        /** Monotonic nanoseconds of the last heartbeat of either side, {@link #NEVER} before the first. */
        LAST_BEAT,
        STALE,
        HUNG_PLUGIN_CALLS,
        /** Nanoseconds of the last answered heartbeat, negative before the first. */
        ROUND_TRIP
    }

    private static final long NEVER = Long.MIN_VALUE;

    private static final int SIZE = Count.values().length;

    private final AtomicLongArray values = new AtomicLongArray(SIZE);

    Counters() {
        set(Count.ROUND_TRIP, -1);
        set(Count.LAST_BEAT, NEVER);
    }

    long get(Count count) {
        return values.get(count.ordinal());
    }

    void set(Count count, long value) {
        values.set(count.ordinal(), value);
    }

    /** Nanoseconds since the last heartbeat of either side, negative if there was none. */
    long sinceBeat(long now) {
        long last = get(Count.LAST_BEAT);
        return last == NEVER ? -1 : Math.max(0, now - last);
    }

    void increment(Count count) {
        values.incrementAndGet(count.ordinal());
    }

    void decrement(Count count) {
        values.decrementAndGet(count.ordinal());
    }
}
