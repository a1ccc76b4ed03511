// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lanes;

/**
 * Instants that the timers of many clients share, so that one wake-up of the timer's thread serves all that are due: at ten
 * thousand clients the wake-ups cost more than what the timers are for. Pure.
 */
public final class TimerGrid {
    private TimerGrid() {}

    /**
     * The first shared instant that is not before the given one.
     *
     * @param nanos of the monotonic clock, which may wrap
     * @param slack nanoseconds that the timer may be late by; the result is later by less
     */
    public static long atOrAfter(long nanos, long slack) {
        // A power of two, so that what is shared with much slack is shared with little, too.
        long step = Math.max(1, Long.highestOneBit(slack));
        return nanos + step - 1 & -step;
    }
}
