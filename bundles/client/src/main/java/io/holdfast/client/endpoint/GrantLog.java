// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.util.Arrays;

/** The times of the newest attempts, as many as any policy can ask about. Not thread-safe. */
final class GrantLog {
    private static final int MOST = AttemptPolicy.MOST_ATTEMPTS;
    private static final int FIRST_CAPACITY = 32;

    /** A ring that grows up to {@link #MOST}. */
    private long[] times = new long[FIRST_CAPACITY];

    private int next;
    private int size;

    /** @param now not before any time added so far */
    void add(long now) {
        if (size == times.length && size < MOST) {
            grow();
        }
        times[next] = now;
        next = (next + 1) % times.length;
        size = Math.min(size + 1, times.length);
    }

    /** What was counted then is made only now. */
    void postpone(long then, long now) {
        for (int n = 1; n <= size; n++) {
            if (newest(n) == then) {
                for (int i = n; i > 1; i--) {
                    times[Math.floorMod(next - i, times.length)] = newest(i - 1);
                }
                times[Math.floorMod(next - 1, times.length)] = now;
                return;
            }
        }
        add(now);
    }

    int size() {
        return size;
    }

    /** The n-th newest time, 1 for the newest. */
    long newest(int n) {
        return times[Math.floorMod(next - n, times.length)];
    }

    /** Attempts within the stretch of that length that ends now. */
    int count(long now, long windowNanos) {
        int n = 0;
        while (n < size && now - newest(n + 1) < windowNanos) {
            n++;
        }
        return n;
    }

    /** Adds the times of another log, as if all had been made here. */
    void merge(GrantLog other, long now) {
        long[] ages = new long[size + other.size];
        for (int i = 0; i < size; i++) {
            ages[i] = now - newest(i + 1);
        }
        for (int i = 0; i < other.size; i++) {
            ages[size + i] = now - other.newest(i + 1);
        }
        // Ages, not times: the order of clock readings is not the order of numbers.
        Arrays.sort(ages);
        next = 0;
        size = 0;
        for (int i = Math.min(ages.length, MOST) - 1; i >= 0; i--) {
            add(now - ages[i]);
        }
    }

    private void grow() {
        long[] larger = new long[Math.min(2 * size, MOST)];
        for (int i = 0; i < size; i++) {
            larger[i] = newest(size - i);
        }
        times = larger;
        next = size;
    }
}
