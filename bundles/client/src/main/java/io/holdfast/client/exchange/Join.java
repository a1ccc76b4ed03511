// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.client.delivery.Sieve;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two connections that bring the same streams while one replaces the other. Guarded by the delivery's turn.
 *
 * <p>As long as the new connection is being set up only the old one's messages go to the listeners; those of the new one show
 * how far it has come. Once it has {@linkplain #switched taken over}, a stream with numbers goes on with whichever connection
 * brings its next message; what the new one brings before the old one has come so far is kept back. A stream without numbers goes on with the new one from its first message there.
 */
final class Join {
    final long old;
    final long next;
    boolean switched;

    /** Both have ended, and the listeners know. */
    boolean over;

    /** What is kept back at most, over all streams: of a new connection that is ahead of the old one for so long. */
    private static final int MOST_HELD = 16_384;

    private static final int MOST_BYTES = 8 * 1024 * 1024;

    private final Deque<Sieve.Held> released = new ArrayDeque<>(0);
    private int held;
    private int heldBytes;

    /** Streams without numbers that went from one connection to the other. */
    private final AtomicLong moved;

    Join(long old, long next, AtomicLong moved) {
        this.old = old;
        this.next = next;
        this.moved = moved;
    }

    /** Whether there is room for one more message to be kept back. It counts from here on. */
    boolean holds(int bytes) {
        if (held >= MOST_HELD || heldBytes + bytes > MOST_BYTES) {
            return false;
        }
        held++;
        heldBytes += bytes;
        return true;
    }

    void forgets(int bytes) {
        held--;
        heldBytes -= bytes;
    }

    /** Its turn has come: right behind the message that is being looked at. */
    void release(ByteBuffer payload, long nanos) {
        released.add(new Sieve.Held(payload, nanos, next));
    }

    Sieve.Held nextReleased() {
        return released.poll();
    }

    void moved() {
        moved.incrementAndGet();
    }

    /** Whether listeners get what belongs to no stream of that connection. */
    boolean shows(long connection) {
        if (over) {
            return connection != old && connection != next;
        }
        return connection == next ? switched : connection != old || !switched;
    }

    /** Whether nothing at all of that connection is for listeners. */
    boolean hides(long connection) {
        return connection == next && !switched || over && (connection == old || connection == next);
    }
}
