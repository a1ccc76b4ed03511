// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * What waits for one listener: messages and continuity events, in one order. The producer is whoever has the client's
 * {@link Turn}; the consumer is one thread at a time, which {@link Runner} sees to.
 *
 * <p>Gaps need no book-keeping where messages are dropped: the consumer knows the number it expects, and tells a gap before
 * the first message or event that lies beyond. So each missing message is told exactly once and in its place, whatever the
 * reason it is missing for.
 */
final class Backlog {
    enum Kind {
        NOTHING,
        MESSAGE,
        EVENT
    }

    /** Events that may wait; more are folded, so that a listener that hangs for days costs no memory. */
    static final int MAX_EVENTS = 1024;

    /** @param after number of the last message before the event */
    private record Entry(long after, Continuity event) {}

    private static final AtomicIntegerFieldUpdater<Backlog> EVENT_COUNT =
            AtomicIntegerFieldUpdater.newUpdater(Backlog.class, "eventCount");
    private static final AtomicReferenceFieldUpdater<Backlog, Fold> FOLD =
            AtomicReferenceFieldUpdater.newUpdater(Backlog.class, Fold.class, "fold");

    /** Of those that need none: nothing is ever put into it, so it never changes. */
    private static final ByteRing NONE = new ByteRing();

    /** Made by the producer for the first message: a direct listener mostly has none that wait. */
    private volatile ByteRing ring = NONE;

    private final Queue<Entry> events = new ConcurrentLinkedQueue<>();
    private volatile int eventCount;

    /** While there is one, nothing is appended to the ring or the events: it comes behind both. Taken by the consumer. */
    private volatile Fold fold;

    /** Why messages are missing, for the next gap. Written by the producer before what reveals the gap. */
    private volatile String reason = "";

    /** Consumer: number of the next message if none is missing. */
    private long next;

    /** Consumer: events taken out of a fold, which come before everything else; null without any. */
    private Queue<Continuity> unfolded;

    /** Consumer: the event found by {@link #take}. */
    private Continuity event;

    /** @param next number of the first message that may come */
    Backlog(long next) {
        this.next = next;
    }

    // ---- any thread

    long messages() {
        return ring.messages();
    }

    long bytes() {
        return ring.bytes();
    }

    int capacity() {
        return ring.capacity();
    }

    /** Whether the producer has put something that was not taken. */
    boolean hasNews() {
        return !ring.isEmpty() || !events.isEmpty() || fold != null;
    }

    // ---- producer

    boolean isFolded() {
        return fold != null;
    }

    boolean hasNoMessage() {
        return ring.isEmpty();
    }

    boolean canHold(int length) {
        return ring.canHold(length);
    }

    void append(boolean text, ByteBuffer payload, long sequence, long connection, long receivedNanos, long ceiling) {
        if (ring == NONE) {
            ring = new ByteRing();
        }
        ring.append(text, payload, sequence, connection, receivedNanos, ceiling);
    }

    boolean dropOldest() {
        return ring.dropOldest();
    }

    /** Says why messages are missing from now on. */
    void missing(String why) {
        reason = why;
    }

    void put(long after, Continuity continuity) {
        if (FOLD.updateAndGet(this, f -> f == null ? null : f.plus(after, continuity)) != null) {
            return;
        }
        if (eventCount >= MAX_EVENTS) {
            reason = "more than " + MAX_EVENTS + " continuity events waited";
            fold = Fold.at(after).plus(after, continuity);
            return;
        }
        EVENT_COUNT.incrementAndGet(this);
        events.add(new Entry(after, continuity));
    }

    boolean trim() {
        return ring != NONE && ring.trim();
    }

    // ---- producer and consumer at once

    /**
     * Drops the messages and folds the events; what comes is folded as well until the consumer takes it.
     *
     * @return number of messages dropped
     */
    long collapse(long after, String why) {
        long count = discard();
        reason = why;
        Fold waiting = foldEvents(after);
        FOLD.updateAndGet(this, f -> f == null ? waiting : waiting.then(f));
        trim();
        trim();
        return count;
    }

    /** Takes the fold if nothing comes before it, so that messages are appended again although the consumer has yet to start. */
    void resume() {
        if (ring.isEmpty() && events.isEmpty() && isFolded()) {
            unfold(FOLD.getAndSet(this, null));
        }
    }

    // ---- consumer

    /** Whether the message with that number can be handed over directly; then it counts as taken. */
    boolean passes(long sequence) {
        if (sequence != next || unfolded != null || hasNews()) {
            return false;
        }
        next = sequence + 1;
        return true;
    }

    /**
     * Drops the messages and folds the events, with nothing to follow but the end.
     *
     * @return number of messages dropped
     */
    long finish(String why) {
        long count = discard();
        reason = why;
        unfold(foldEvents(next - 1));
        return count;
    }

    /** The next message, copied to {@code into}, or event, then to be had by {@link #event()}. */
    Kind take(LaneMessage into) {
        while (true) {
            if (unfolded != null) {
                event = unfolded.poll();
                unfolded = unfolded.isEmpty() ? null : unfolded;
                return Kind.EVENT;
            }
            // The order of the three looks matters: what was put before the thing that is seen must be seen as well.
            boolean folded = fold != null;
            Entry entry = events.peek();
            long sequence = ring.peek();
            if (entry == null && sequence != ByteRing.NONE) {
                entry = events.peek();
            }
            if (sequence != ByteRing.NONE && (entry == null || sequence <= entry.after)) {
                if (gapBefore(sequence)) {
                    return Kind.EVENT;
                }
                if (ring.take(into)) {
                    next = sequence + 1;
                    return Kind.MESSAGE;
                }
            } else if (entry != null) {
                if (gapBefore(entry.after + 1)) {
                    return Kind.EVENT;
                }
                events.poll();
                EVENT_COUNT.decrementAndGet(this);
                event = entry.event;
                return Kind.EVENT;
            } else if (folded) {
                unfold(FOLD.getAndSet(this, null));
            } else {
                return Kind.NOTHING;
            }
        }
    }

    Continuity event() {
        Continuity taken = event;
        event = null;
        return taken;
    }

    private boolean gapBefore(long sequence) {
        if (sequence <= next) {
            return false;
        }
        event = new Continuity.Gap("", next, sequence - 1, Cause.of(Cause.Kind.SLOW_CONSUMER, reason));
        next = sequence;
        return true;
    }

    private void unfold(Fold taken) {
        tellLater(taken.joined());
        if (gapBefore(taken.after() + 1)) {
            tellLater(event());
        }
        taken.gaps().forEach(this::tellLater);
        tellLater(taken.interrupted());
        tellLater(taken.resumed());
        tellLater(taken.left());
    }

    private void tellLater(Continuity one) {
        if (one != null) {
            unfolded = unfolded == null ? new ArrayDeque<>(4) : unfolded;
            unfolded.add(one);
        }
    }

    private long discard() {
        long count = 0;
        while (ring.dropOldest()) {
            count++;
        }
        return count;
    }

    private Fold foldEvents(long after) {
        Fold folded = Fold.at(after);
        for (Entry entry = events.poll(); entry != null; entry = events.poll()) {
            EVENT_COUNT.decrementAndGet(this);
            folded = folded.plus(Math.max(after, entry.after), entry.event);
        }
        return folded;
    }
}
