// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.account;

import io.holdfast.simulator.SequenceRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Which numbers of one stream were delivered. Written by the listener's lane, read by anybody. */
public final class StreamAccount {

    /** More holes than any run has; beyond it the oldest numbers are forgotten. */
    private static final int MOST_RANGES = 10_000;

    /** Everything is guarded by this. Ascending; the last one grows. */
    private final Deque<SequenceRange> received = new ArrayDeque<>();

    private long last;
    private long doubled;
    private long unreported;
    private boolean interrupted = true;

    /**
     * @param received the numbers delivered, ascending, merged
     * @param last the newest number; 0 before the first
     * @param doubled numbers delivered again, or behind a later one
     * @param unreported numbers missing without an interruption or gap told between
     */
    public record Snapshot(List<SequenceRange> received, long last, long doubled, long unreported) {}

    synchronized void delivered(long number) {
        if (number <= last) {
            doubled++;
            return;
        }
        if (number != last + 1 && !interrupted) {
            unreported += number - last - 1;
        }
        SequenceRange newest = received.peekLast();
        if (newest != null && newest.last() + 1 == number) {
            received.pollLast();
            received.add(new SequenceRange(newest.first(), number));
        } else {
            received.add(new SequenceRange(number, number));
            if (received.size() > MOST_RANGES) {
                received.poll();
            }
        }
        last = number;
        interrupted = false;
    }

    /** The listener was told that something may be missing before the next number. */
    synchronized void interrupted() {
        interrupted = true;
    }

    synchronized Snapshot snapshot() {
        return new Snapshot(new ArrayList<>(received), last, doubled, unreported);
    }
}
