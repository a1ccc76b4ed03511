// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what becomes of each depth update and each snapshot of one book, by Binance's rules: changes are held until a
 * snapshot has come; those that are in it are dropped; the first one kept must reach back to it; from then on none may be
 * missing. It holds no prices. Pure but for its own state; for one thread.
 *
 * <p>Spot: the first change kept has {@code U <= lastUpdateId + 1 <= u}, each further one {@code U <= (last u) + 1}. Futures:
 * the first one begins at {@code lastUpdateId} or before, each further one has {@code pu} = last {@code u}. A future's message
 * is taken to begin right behind its {@code pu}: numbers are shared by many books there, so those between {@code pu} and
 * {@code U} are not this one's, and a quiet book whose snapshot lies there could not be joined otherwise.
 */
public final class DepthJoin {
    /** What to do with a message or snapshot. */
    public enum Verdict {
        /** It is the book's next: apply it. A snapshot replaces the book; what {@link #held} has goes on top of it, in order. */
        APPLY,
        /** A change that waits for the snapshot that was asked for. */
        HOLD,
        /** It is in the book already, or nobody waits for it. */
        DROP,
        /**
         * The book is no longer, or not yet, to be trusted: ask for a snapshot. A change is held; a snapshot with this verdict
         * was too old and is forgotten. Said once, until {@link #snapshot} or {@link #failed}.
         */
        ASK_SNAPSHOT
    }

    private static final long NOWHERE = -1;

    private final int most;
    private final ArrayDeque<DepthUpdate> held = new ArrayDeque<>();
    private long position = NOWHERE;

    /** No change came since the snapshot: the first may overlap with it on futures, too. */
    private boolean fresh;

    private boolean asked;

    /** @param most changes held; beyond that the oldest are dropped, as a later snapshot will have them */
    public DepthJoin(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most must be positive");
        }
        this.most = most;
    }

    /** A change has come. */
    public Verdict update(DepthUpdate update) {
        if (position == NOWHERE) {
            return wait(update);
        }
        if (update.last() <= position) {
            return Verdict.DROP;
        }
        if (update.joins(position) || fresh && update.follows() <= position) {
            position = update.last();
            fresh = false;
            return Verdict.APPLY;
        }
        position = NOWHERE;
        return wait(update);
    }

    private Verdict wait(DepthUpdate update) {
        if (!held.isEmpty()) {
            long end = held.getLast().last();
            if (update.last() <= end) {
                return Verdict.DROP;
            }
            if (!update.joins(end)) {
                // The snapshot must have what is missing, and so all before it.
                held.clear();
            }
        }
        held.add(update);
        if (held.size() > most) {
            held.remove();
        }
        if (asked) {
            return Verdict.HOLD;
        }
        asked = true;
        return Verdict.ASK_SNAPSHOT;
    }

    /** The snapshot that was asked for has come. */
    public Verdict snapshot(DepthSnapshot snapshot) {
        if (!asked) {
            return Verdict.DROP;
        }
        asked = false;
        if (held.isEmpty()) {
            // Something was lost since it was asked for, and nothing tells whether it has that.
            return Verdict.DROP;
        }
        long id = snapshot.lastUpdateId();
        if (held.getFirst().follows() > id) {
            asked = true;
            return Verdict.ASK_SNAPSHOT;
        }
        while (!held.isEmpty() && held.getFirst().last() <= id) {
            held.remove();
        }
        position = held.isEmpty() ? id : held.getLast().last();
        fresh = held.isEmpty();
        return Verdict.APPLY;
    }

    /** The changes to apply on top of the snapshot that was accepted, in order; afterwards none are held. */
    public List<DepthUpdate> held() {
        List<DepthUpdate> all = new ArrayList<>(held);
        held.clear();
        return all;
    }

    /** No snapshot came; the next change asks again. */
    public void failed() {
        asked = false;
    }

    /** A change was lost before it came here: everything starts over with the next one. */
    public void lost() {
        position = NOWHERE;
        held.clear();
    }

    /** Whether there is a snapshot with every change behind it that came. */
    public boolean joined() {
        return position != NOWHERE;
    }

    /** The number of the last change; negative while not {@link #joined}. */
    public long position() {
        return position;
    }
}
