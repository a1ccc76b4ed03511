// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.data;

import io.holdfast.simulator.SequenceRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Numbers written to one connection, as ranges; numbers come in ascending order. */
final class Ranges {

    private static final int MAX = 4096;

    private final List<SequenceRange> closed = new ArrayList<>();
    private long first;
    private long last = -1;
    private long count;

    void add(long number) {
        count++;
        if (last >= 0 && number == last + 1) {
            last = number;
            return;
        }
        if (last >= 0) {
            closed.add(new SequenceRange(first, last));
            if (closed.size() > MAX) {
                closed.remove(0); // the oldest are forgotten; the count is not
            }
        }
        first = number;
        last = number;
    }

    long count() {
        return count;
    }

    List<SequenceRange> list() {
        List<SequenceRange> all = new ArrayList<>(closed);
        if (last >= 0) {
            all.add(new SequenceRange(first, last));
        }
        return all;
    }

    static List<SequenceRange> union(List<SequenceRange> ranges) {
        List<SequenceRange> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingLong(SequenceRange::first));
        List<SequenceRange> merged = new ArrayList<>();
        for (SequenceRange range : sorted) {
            SequenceRange before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before != null && range.first() <= before.last() + 1) {
                merged.set(merged.size() - 1, new SequenceRange(before.first(), Math.max(before.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    /** @param merged as {@link #union} gives them */
    static List<SequenceRange> complement(List<SequenceRange> merged, long first, long last) {
        List<SequenceRange> holes = new ArrayList<>();
        long next = first;
        for (SequenceRange range : merged) {
            if (range.last() < next) {
                continue;
            }
            if (range.first() > last) {
                break;
            }
            if (range.first() > next) {
                holes.add(new SequenceRange(next, range.first() - 1));
            }
            next = range.last() + 1;
        }
        if (next <= last) {
            holes.add(new SequenceRange(next, last));
        }
        return holes;
    }
}
