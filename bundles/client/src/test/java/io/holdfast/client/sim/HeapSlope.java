// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Used heap after collections, and how it changes from one measurement to the next, by least squares. */
public final class HeapSlope {
    private static final int COLLECTIONS = 3;

    private final List<Long> used = new ArrayList<>();

    public void measure() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        used.add(least);
    }

    /**
     * Bytes for each measurement.
     *
     * @param skipped measurements at the beginning, in which classes are loaded and code is compiled
     */
    public double bytes(int skipped) {
        List<Long> y = used.subList(skipped, used.size());
        double meanX = (y.size() - 1) / 2.0;
        double meanY = y.stream().mapToLong(Long::longValue).average().orElseThrow();
        double over = 0;
        double under = 0;
        for (int x = 0; x < y.size(); x++) {
            over += (x - meanX) * (y.get(x) - meanY);
            under += (x - meanX) * (x - meanX);
        }
        return over / under;
    }

    /** In kB. */
    @Override
    public String toString() {
        return used.stream()
                .map(u -> String.format(Locale.ROOT, "%d", u / 1024))
                .toList()
                .toString();
    }
}
