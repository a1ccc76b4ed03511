// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How long after they were made messages arrived, in nanoseconds, each one kept. Thread-safe. */
public final class Lateness {

    private static final String MARK = "\"ns\":";

    /** Guarded by this, like {@link #size}. */
    private long[] nanos = new long[1024];

    private int size;

    public synchronized void add(long late) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        nanos[size++] = late;
    }

    public void addAll(Lateness others) {
        long[] added;
        synchronized (others) {
            added = Arrays.copyOf(others.nanos, others.size);
        }
        Arrays.stream(added).forEach(this::add);
    }

    /** Adds how late a message of the simulator is, by the time that it carries. */
    public void addStamped(String text, long now) {
        int begin = text.indexOf(MARK) + MARK.length();
        int end = begin;
        while (text.charAt(end) == '-' || Character.isDigit(text.charAt(end))) {
            end++;
        }
        add(now - Long.parseLong(text, begin, end, 10));
    }

    public synchronized int count() {
        return size;
    }

    /** So late was this part of all, from 0 to 1, or less; 0 if there was none. */
    public synchronized long quantile(double part) {
        if (size == 0) {
            return 0;
        }
        Arrays.sort(nanos, 0, size);
        return nanos[Math.max(0, (int) Math.ceil(part * size) - 1)];
    }

    /** How many were later than that. */
    public synchronized int laterThan(long limit) {
        return (int) Arrays.stream(nanos, 0, size).filter(n -> n > limit).count();
    }

    @Override
    public String toString() {
        return String.format(
                "%d messages, late by median %s, 99 %% %s, 99.9 %% %s, maximum %s",
                count(), millis(0.5), millis(0.99), millis(0.999), millis(1));
    }

    private String millis(double part) {
        return String.format("%.2f ms", quantile(part) / (double) TimeUnit.MILLISECONDS.toNanos(1));
    }
}
