// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Sliding log of counted restarts, oldest first. It forgets only what can no longer matter: what has left the window, and all
 * but the newest {@code restarts + 1}, since that many inside the window already are too many.
 */
final class RestartWindow {
    private static final int FIRST_CAPACITY = 4;

    private long[] times = new long[FIRST_CAPACITY];
    private int from;
    private int to;

    /** Adds a restart at {@code now} and says whether it is allowed. */
    boolean allows(long now, Intensity intensity) {
        add(now, intensity);
        return countAt(now, intensity) <= intensity.restarts();
    }

    /** Adds a restart that may be older than some already known, as ledgers of several children come one by one. */
    void add(long at, Intensity intensity) {
        makeRoom();
        int position = to++;
        while (position > from && times[position - 1] - at > 0) {
            times[position] = times[position - 1];
            position--;
        }
        times[position] = at;
        long newest = times[to - 1];
        while (!within(times[from], newest, intensity) || to - from - 1 > intensity.restarts()) {
            from++;
        }
    }

    /** Restarts inside the window that ends now. */
    int countAt(long now, Intensity intensity) {
        int first = from;
        while (first < to && !within(times[first], now, intensity)) {
            first++;
        }
        return to - first;
    }

    boolean contains(long at) {
        for (int i = from; i < to; i++) {
            if (times[i] == at) {
                return true;
            }
        }
        return false;
    }

    /** A copy, oldest first. */
    long[] times() {
        return Arrays.copyOfRange(times, from, to);
    }

    /** Restarts remembered, whether or not they are still inside the window. */
    int size() {
        return to - from;
    }

    void clear() {
        from = 0;
        to = 0;
    }

    private static boolean within(long then, long now, Intensity intensity) {
        long period = intensity.period().toNanos();
        if (!intensity.wholeSeconds()) {
            return now - then <= period;
        }
        long second = TimeUnit.SECONDS.toNanos(1);
        return Math.floorDiv(now, second) - Math.floorDiv(then, second) <= Math.floorDiv(period, second);
    }

    private void makeRoom() {
        if (to < times.length) {
            return;
        }
        int size = to - from;
        long[] target = size > times.length / 2 ? new long[times.length * 2] : times;
        System.arraycopy(times, from, target, 0, size);
        if (target == times) {
            Arrays.fill(times, size, to, 0);
        }
        times = target;
        from = 0;
        to = size;
    }
}
