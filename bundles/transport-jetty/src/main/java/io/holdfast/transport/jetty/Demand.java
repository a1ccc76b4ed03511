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
    static final int PONGS = 4;

    /** Nothing is to be read any more: the connection is being cut. Never released. */
    static final int OVER = 8;

    private static final AtomicIntegerFieldUpdater<Demand> HOLDS =
            AtomicIntegerFieldUpdater.newUpdater(Demand.class, "holds");

    private volatile int holds;

    void hold(int reasons) {
        HOLDS.getAndAccumulate(this, reasons, (now, more) -> now | more);
    }

    boolean isHeld(int reasons) {
        return (holds & reasons) != 0;
    }

    /** Whether the caller must demand the next frame, because it took the last reason away. */
    boolean release(int reason) {
        int before = HOLDS.getAndAccumulate(this, ~reason, (now, rest) -> now & rest);
        return before != 0 && (before & ~reason) == 0;
    }
}
