// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * Lets the calls to one listener through one after another, without a lock: frames come from the reading thread, of which
 * there is one at a time, the end may come from any. Whoever is inside when the end comes has it delivered when leaving.
 */
final class ListenerGate {
    private enum State {
        IDLE,
        BUSY,
        /** Busy, and the end is to be delivered on leaving. */
        ENDING,
        ENDED
    }

    private static final AtomicReferenceFieldUpdater<ListenerGate, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(ListenerGate.class, State.class, "state");

    private volatile State state = State.IDLE;
    private final Executor executor;
    private final Runnable end;

    /**
     * @param executor runs the end for a reading thread that leaves: a selector's is not to be kept by what follows
     * @param end runs at most once, after which nobody enters any more
     */
    ListenerGate(Executor executor, Runnable end) {
        this.executor = executor;
        this.end = end;
    }

    boolean enter() {
        return STATE.compareAndSet(this, State.IDLE, State.BUSY);
    }

    void leave() {
        if (!STATE.compareAndSet(this, State.BUSY, State.IDLE)
                && STATE.compareAndSet(this, State.ENDING, State.ENDED)) {
            executor.execute(end);
        }
    }

    void end() {
        while (true) {
            switch (state) {
                case IDLE -> {
                    if (STATE.compareAndSet(this, State.IDLE, State.ENDED)) {
                        end.run();
                        return;
                    }
                }
                case BUSY -> {
                    if (STATE.compareAndSet(this, State.BUSY, State.ENDING)) {
                        return;
                    }
                }
                case ENDING, ENDED -> {
                    return;
                }
            }
        }
    }

    /** Whether whoever is inside may go on. */
    boolean isHeld() {
        return state == State.BUSY;
    }

    /** Whether nobody enters any more; somebody may still be inside. */
    boolean isOver() {
        return state == State.ENDED;
    }

    /** Lets nobody in any more and delivers no end. Whether nobody was inside. */
    boolean shut() {
        return STATE.getAndSet(this, State.ENDED) == State.IDLE;
    }
}
