// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Why nothing is read just now. Reading goes on when the last reason is gone, and exactly one caller is told so: Jetty
 * forbids a second demand for one frame.
 */
final class Demand {
    /** Somebody reads or handles what was read. */
    static final int BUSY = 1;

    /** The listener asked for a pause. */
    static final int LISTENER = 2;

    /** Too many pongs wait to be written. */
    static final int PONGS_WAIT = 4;

    /** Nothing is to be read any more: the connection is being cut. Never released. */
    static final int OVER = 8;

    /** Pongs that may wait to be written before reading pauses. */
    private static final int MAX_PONGS = 64;

    private static final int REASONS = BUSY | LISTENER | PONGS_WAIT | OVER;
    private static final int ONE_DEMAND = REASONS + 1;

    private static final AtomicIntegerFieldUpdater<Demand> STATE = updater("state");
    private static final AtomicIntegerFieldUpdater<Demand> PONGS = updater("pongs");

    /**
     * The reasons, and above them the number of the listener's demands, so that one which comes while it still handles a message
     * is not lost. One word: a demand for one message must not take away the pause after the next.
     */
    private volatile int state;

    private volatile int pongs;

    private static AtomicIntegerFieldUpdater<Demand> updater(String field) {
        return AtomicIntegerFieldUpdater.newUpdater(Demand.class, field);
    }

    void hold(int reasons) {
        STATE.getAndAccumulate(this, reasons, (now, more) -> now | more);
    }

    boolean isHeld(int reasons) {
        return (state & reasons) != 0;
    }

    /** Whether the caller must demand the next frame, because it took the last reason away. */
    boolean release(int reason) {
        return wasLast(reason, STATE.getAndAccumulate(this, ~reason, (now, rest) -> now & rest));
    }

    private static boolean wasLast(int reason, int before) {
        int reasons = before & REASONS;
        return reasons != 0 && (reasons & ~reason) == 0;
    }

    /** The listener wants more. Whether the caller must demand the next frame. */
    boolean demanded() {
        return wasLast(LISTENER, STATE.getAndUpdate(this, now -> (now & ~LISTENER) + ONE_DEMAND));
    }

    /** To be asked before the listener gets a message, for {@link #listenerPauses}. */
    int demands() {
        return state & ~REASONS;
    }

    /** The listener wants no more for now, unless it has demanded since then. */
    void listenerPauses(int before) {
        STATE.getAndUpdate(this, now -> (now & ~REASONS) == before ? now | LISTENER : now);
    }

    void pongWaits() {
        if (PONGS.incrementAndGet(this) >= MAX_PONGS) {
            hold(PONGS_WAIT);
            if (pongs < MAX_PONGS) {
                release(PONGS_WAIT);
            }
        }
    }

    /** A pong was written or could not be. Whether the caller must demand the next frame. */
    boolean pongGone() {
        return PONGS.decrementAndGet(this) < MAX_PONGS && release(PONGS_WAIT);
    }
}
