// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.client.delivery.Sieve;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A channel without numbers while two connections bring it: which messages only one of them has brought so far, told by their
 * content. Where the connections have been seen to bring the same bytes, it can go over without repeating or missing any.
 * Guarded by the delivery's turn.
 */
final class Overlap {
    /** More than two connections are apart. */
    private static final int MOST = 64;

    private record Ahead(long hash, ByteBuffer payload, long nanos) {}

    /** Brought by the old one only. */
    private final Deque<Long> behind = new ArrayDeque<>();

    /** Brought by the new one only. */
    private final Deque<Ahead> ahead = new ArrayDeque<>();

    private boolean comparable;

    /** The old one has brought nothing: what the new one has brought cannot have been among it in other bytes. */
    private boolean oldSilent = true;

    void oldBrings(ByteBuffer payload, Join join) {
        oldSilent = false;
        long hash = hash(payload);
        if (ahead.stream().anyMatch(a -> a.hash() == hash)) {
            comparable = true;
            // What came before it the new one has brought, or never does.
            behind.clear();
            while (forgetFirst(join) != hash) {
                // what the old one does not bring
            }
            return;
        }
        behind.add(hash);
        if (behind.size() > MOST) {
            behind.remove();
        }
    }

    /** @return whether the old one has brought it */
    boolean newBrings(ByteBuffer payload) {
        long hash = hash(payload);
        if (!behind.contains(hash)) {
            return false;
        }
        comparable = true;
        while (behind.remove() != hash) {
            // from before the new one's time
        }
        return true;
    }

    /** What only the new one has brought. @return whether there is room for it */
    boolean keep(ByteBuffer payload, long nanos, Join join) {
        if (ahead.size() == MOST || !join.holds(payload.remaining())) {
            return false;
        }
        ahead.add(new Ahead(hash(payload), Sieve.copy(payload), nanos));
        return true;
    }

    /** The same, in place of the oldest ones if there is no room. */
    void keepNewest(ByteBuffer payload, long nanos, Join join) {
        while (!keep(payload, nanos, join) && !ahead.isEmpty()) {
            forgetFirst(join);
        }
    }

    /** Whether both have brought the same. */
    boolean level() {
        return comparable && behind.isEmpty() && ahead.isEmpty();
    }

    /** Whether the old one is still to bring what the new one has brought. */
    boolean awaitsOld() {
        return comparable && !ahead.isEmpty();
    }

    /** Whether listeners lack what only the new one has brought. */
    boolean owes() {
        return (comparable || oldSilent) && !ahead.isEmpty();
    }

    /** The old one is not waited for any more. */
    void release(ByteBuffer last, long nanos, Join join) {
        release(join);
        join.release(Sieve.copy(last), nanos);
    }

    /** The old one brings nothing more. */
    void release(Join join) {
        boolean lacking = owes();
        for (Ahead a = ahead.poll(); a != null; a = ahead.poll()) {
            join.forgets(a.payload().remaining());
            if (lacking) {
                join.release(a.payload(), a.nanos());
            }
        }
    }

    void forget(Join join) {
        while (!ahead.isEmpty()) {
            forgetFirst(join);
        }
    }

    private long forgetFirst(Join join) {
        Ahead first = ahead.remove();
        join.forgets(first.payload().remaining());
        return first.hash();
    }

    /** FNV-1a. */
    private static long hash(ByteBuffer payload) {
        long hash = 0xcbf29ce484222325L;
        for (int i = payload.position(); i < payload.limit(); i++) {
            hash = (hash ^ (payload.get(i) & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
