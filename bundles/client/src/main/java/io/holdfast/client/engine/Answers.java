// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.heartbeat.Expectation;
import java.nio.ByteBuffer;

/**
 * The answers a connection waits for: few, short-lived, matched on the connection's thread. Copy on write, as waiting for
 * an answer is rare and looking for one happens for every message.
 */
final class Answers {
    /** Told on the connection's thread. */
    interface Receiver {
        void answered(boolean accepted, String shown, long nanos);
    }

    private record Waiting(Expectation expectation, Literal[] contains, Literal[] accepts, Receiver receiver) {}

    private static final Waiting[] NONE = {};

    /** Of more than this the oldest is forgotten: its limit has passed or its server does not answer. */
    private static final int BOUND = 8;

    private volatile Waiting[] waiting = NONE;

    /** @param expectation its literals with the id filled in */
    synchronized void expect(Expectation expectation, Receiver receiver) {
        Waiting[] before = waiting;
        int keep = before.length >= BOUND ? BOUND - 1 : before.length;
        Waiting[] after = new Waiting[keep + 1];
        System.arraycopy(before, before.length - keep, after, 0, keep);
        after[keep] = new Waiting(
                expectation, Literal.all(expectation.contains()), Literal.all(expectation.accepts()), receiver);
        waiting = after;
    }

    synchronized void forget(Receiver receiver) {
        Waiting[] before = waiting;
        for (int i = 0; i < before.length; i++) {
            if (before[i].receiver == receiver) {
                remove(before, i);
                return;
            }
        }
    }

    private void remove(Waiting[] before, int at) {
        Waiting[] after = new Waiting[before.length - 1];
        System.arraycopy(before, 0, after, 0, at);
        System.arraycopy(before, at + 1, after, at, after.length - at);
        waiting = after.length == 0 ? NONE : after;
    }

    /**
     * Gives a message to whoever waits for it.
     *
     * @return whether it was an answer that listeners are not to see
     */
    boolean consumes(ByteBuffer payload, long nanos) {
        Waiting[] now = waiting;
        for (Waiting w : now) {
            if (payload.remaining() <= w.expectation.maxLength()
                    && Literal.areIn(payload, Expectation.HEAD, w.contains)) {
                boolean accepted = Literal.areIn(payload, payload.remaining(), w.accepts);
                forget(w.receiver);
                w.receiver.answered(accepted, accepted ? "" : Text.shown(payload), nanos);
                return w.expectation.consumed();
            }
        }
        return false;
    }
}
