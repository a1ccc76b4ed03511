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
        STALE,
        HUNG_PLUGIN_CALLS,
        /** Nanoseconds of the last answered heartbeat, negative before the first. */
        ROUND_TRIP
    }

    private static final int SIZE = Count.values().length;

    private final AtomicLongArray values = new AtomicLongArray(SIZE);

    Counters() {
        set(Count.ROUND_TRIP, -1);
    }

    long get(Count count) {
        return values.get(count.ordinal());
    }

    void set(Count count, long value) {
        values.set(count.ordinal(), value);
    }

    void increment(Count count) {
        values.incrementAndGet(count.ordinal());
    }

    void decrement(Count count) {
        values.decrementAndGet(count.ordinal());
    }
}
