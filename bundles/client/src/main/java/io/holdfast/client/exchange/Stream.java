// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.SequenceRule;
import io.holdfast.client.delivery.Sieve;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One channel as its messages show it: when the last came, and whether its numbering holds. Belongs to the client, over all
 * connections. Written in the delivery's turn; the mailbox reads the times and counts.
 */
public final class Stream {
    /** What a message is within its channel. */
    public enum Order {
        /** The next one, or nothing is known of its place. */
        NEXT,
        /** One that came before, or that the other connection brings while one replaces the other. */
        OLD,
        /** Something is missing before it; where it will be healed told once until the numbering begins anew. */
        GAP,
        /** The channel was away for a while: something is missing before this message, with which its numbering begins anew. */
        JUMP
    }

    private static final long NONE = Long.MIN_VALUE;

    private final String name;
    private final byte[] key;
    private final byte[] from;
    private final byte[] to;
    private final int step;
    private final boolean healed;

    private final AtomicLong lastAt = new AtomicLong(NONE);
    private final AtomicLong lastOn = new AtomicLong();
    private final AtomicLong gaps = new AtomicLong();
    private final AtomicLong old = new AtomicLong();

    /** The same of the connection that is to replace the other. */
    private final AtomicLong nextAt = new AtomicLong(NONE);

    private final AtomicLong nextOn = new AtomicLong();

    /** Of a rotation: the listeners have, or will have, everything that the new connection brings from here on. */
    private volatile boolean joined;

    /** Of a rotation: it was there when the new connection took over. What is asked for later is asked for there alone. */
    private volatile boolean both;

    /** Set by the mailbox when the channel was given back, or ended by the server: whatever comes next begins its numbering. */
    private volatile boolean beginsAnew;

    /** Guarded by the delivery's turn, as all below. */
    private long last = NONE;

    private boolean broken;

    /** The connection that took over had brought nothing of it when the old one ended, as if it had been left out there. */
    private boolean leftOut;

    private long missingFrom;
    private long missingTo;

    /** The end of the last message that the new connection brought. */
    private long nextEnd = NONE;

    /** What the new connection brought before the old one had come so far. */
    private Deque<Ahead> ahead = new ArrayDeque<>(0);

    /** Of a stream without numbers, as soon as it brings something during a rotation; else null. The mailbox looks whether there is one. */
    private volatile Overlap overlap;

    private record Ahead(long begin, long end, ByteBuffer payload, long nanos) {}

    Stream(String name, SequenceRule rule) {
        this.name = name;
        this.key = name.getBytes(StandardCharsets.UTF_8);
        this.from = rule == null ? null : rule.from().getBytes(StandardCharsets.US_ASCII);
        this.to = rule == null ? null : rule.to().getBytes(StandardCharsets.US_ASCII);
        this.step = rule == null ? 0 : rule.step();
        this.healed = rule != null && rule.remedy() == SequenceRule.Remedy.RESUBSCRIBE;
    }

    public String name() {
        return name;
    }

    byte[] key() {
        return key;
    }

    /** For the message that was last found to be {@link Order#GAP} or {@link Order#JUMP}. */
    public long missingFrom() {
        return missingFrom;
    }

    public long missingTo() {
        return missingTo;
    }

    /** Looks at a message of the only connection there is; in the turn. */
    public Order offer(ByteBuffer payload, long connection, long nanos) {
        boolean fresh = lastOn.get() != connection;
        lastAt.setRelease(nanos);
        if (fresh) {
            lastOn.setRelease(connection);
        }
        if (from == null) {
            return Order.NEXT;
        }
        long end = Bytes.number(payload, to);
        if (end == NONE) {
            return Order.NEXT;
        }
        long begin = Bytes.number(payload, from);
        if (fresh || last == NONE) {
            return begins(end);
        }
        if (beginsAnew || begin == NONE) {
            // A snapshot that the server sends of itself is its own way to go on.
            return beginsAnew || leftOut ? returns(begin, end) : begins(end);
        }
        if (end <= last) {
            return repeated();
        }
        return follows(begin, end);
    }

    private Order begins(long end) {
        beginsAnew = false;
        leftOut = false;
        broken = false;
        last = end;
        return Order.NEXT;
    }

    /** Comes again on a connection on which it was not for a while. Nothing heals what is missing but the message itself. */
    private Order returns(long begin, long end) {
        long before = last;
        boolean told = broken;
        begins(end);
        if (told || end <= before || begin != NONE && begin <= before + step) {
            return Order.NEXT;
        }
        gap(before + 1, begin == NONE ? end : Math.max(before + 1, begin - step));
        broken = false;
        return Order.JUMP;
    }

    private Order repeated() {
        old.incrementAndGet();
        return Order.OLD;
    }

    private Order follows(long begin, long end) {
        long expected = last + step;
        long before = last;
        last = end;
        leftOut = false;
        if (begin == expected || step == 1 && begin < expected || broken) {
            return Order.NEXT;
        }
        return gap(before + 1, Math.max(before + 1, begin - step));
    }

    private Order gap(long first, long upTo) {
        broken = healed;
        missingFrom = first;
        missingTo = upTo;
        gaps.incrementAndGet();
        return Order.GAP;
    }

    // --- while one connection replaces another; in the turn

    /** What came before the old connection does not count: what it has not brought begins with the new one. */
    void joining(long old) {
        if (lastOn.get() != old) {
            last = NONE;
            broken = false;
        }
    }

    /** Looks at a message of one of two connections. */
    Order offer(ByteBuffer payload, long connection, long nanos, Join join) {
        if (join.switched && !both) {
            // Given back and wanted again: the old one, which is asked nothing any more, still sends what is of no use
            // now.
            return connection == join.old ? Order.OLD : offer(payload, connection, nanos);
        }
        if (connection == join.old) {
            return offerOld(payload, connection, nanos, join);
        }
        nextAt.setRelease(nanos);
        nextOn.setRelease(connection);
        long end = from == null ? NONE : Bytes.number(payload, to);
        if (end == NONE) {
            return unnumberedNext(payload, nanos, join);
        }
        return offerNext(payload, nanos, Bytes.number(payload, from), end, join);
    }

    private Order unnumberedOld(ByteBuffer payload, long connection, long nanos, Join join) {
        if (joined && join.switched) {
            return Order.OLD;
        }
        Overlap o = overlap();
        o.oldBrings(payload, join);
        if (join.switched && o.level()) {
            goesOver(join);
        }
        return offer(payload, connection, nanos);
    }

    private Order unnumberedNext(ByteBuffer payload, long nanos, Join join) {
        if (joined && join.switched) {
            return Order.NEXT;
        }
        Overlap o = overlap();
        boolean known = o.newBrings(payload);
        if (join.switched && known && o.level()) {
            goesOver(join);
        }
        if (known) {
            return Order.OLD;
        }
        if (!join.switched) {
            o.keepNewest(payload, nanos, join);
            return Order.OLD;
        }
        if (o.awaitsOld() && o.keep(payload, nanos, join)) {
            return Order.OLD;
        }
        goesOver(join);
        if (o.owes()) {
            o.release(payload, nanos, join);
            return Order.OLD;
        }
        o.forget(join);
        return Order.NEXT;
    }

    private void goesOver(Join join) {
        joined = true;
        join.moved();
    }

    private Overlap overlap() {
        Overlap o = overlap;
        if (o == null) {
            o = new Overlap();
            overlap = o;
        }
        return o;
    }

    private Order offerOld(ByteBuffer payload, long connection, long nanos, Join join) {
        long end = from == null ? NONE : Bytes.number(payload, to);
        if (end == NONE) {
            return unnumberedOld(payload, connection, nanos, join);
        }
        if (join.switched) {
            lastAt.setRelease(nanos);
            return overlapping(Bytes.number(payload, from), end, join);
        }
        Order order = offer(payload, connection, nanos);
        joined |= nextEnd != NONE && nextEnd <= last;
        return order;
    }

    /** On the old connection, which is not asked for anything any more: what it lacks only the new one can bring. */
    private Order overlapping(long begin, long end, Join join) {
        boolean known = last != NONE && end <= last;
        boolean further = joined && (begin == NONE || last != NONE && begin > last + step);
        if (known || further) {
            return known ? repeated() : Order.OLD;
        }
        Order order = begin == NONE || last == NONE ? begins(end) : joins(begin, end);
        release(join);
        joined |= ahead.isEmpty() && nextEnd != NONE && nextEnd <= last;
        return order;
    }

    private Order offerNext(ByteBuffer payload, long nanos, long begin, long end, Join join) {
        boolean snapshot = begin == NONE;
        nextEnd = end;
        if (join.switched && (last == NONE || beginsAnew && snapshot)) {
            forget(join);
            joined = true;
            return last == NONE ? begins(end) : returns(begin, end);
        }
        if (last == NONE) {
            return Order.OLD;
        }
        if (end <= last) {
            joined = true;
            return repeated();
        }
        if (!join.switched) {
            // The old one brings it.
            joined = false;
            return Order.OLD;
        }
        if (!ahead.isEmpty() || !joined && (snapshot || begin > last + step)) {
            hold(payload, nanos, begin, end, join);
            return Order.OLD;
        }
        joined = true;
        return snapshot ? begins(end) : joins(begin, end);
    }

    private void hold(ByteBuffer payload, long nanos, long begin, long end, Join join) {
        int bytes = payload.remaining();
        if (begin == NONE || !join.holds(bytes)) {
            // From the next one on, then.
            forget(join);
            return;
        }
        ahead.add(new Ahead(begin, end, Sieve.copy(payload), nanos));
    }

    /** The old connection has come further: what was kept back may follow now. */
    private void release(Join join) {
        while (!ahead.isEmpty() && ahead.peek().begin() <= last + step) {
            Ahead next = ahead.poll();
            join.forgets(next.payload().remaining());
            if (next.end() > last) {
                last = next.end();
                join.release(next.payload(), next.nanos());
            }
        }
    }

    private void forget(Join join) {
        for (Ahead a : ahead) {
            join.forgets(a.payload().remaining());
        }
        ahead = new ArrayDeque<>(0);
    }

    /** Messages of two connections may be cut differently: one may begin before the end of the other's last. */
    private Order joins(long begin, long end) {
        return begin <= last + step ? continues(end) : follows(begin, end);
    }

    private Order continues(long end) {
        last = end;
        return Order.NEXT;
    }

    /** Whether nothing would be missing if the old connection, which was replaced, ended now. Also on the mailbox. */
    boolean joined() {
        return joined || !both || isQuiet();
    }

    /** Nobody asked for what names no channel, so that there may never be any: it counts from when some has come. */
    private boolean isQuiet() {
        return key.length == 0 && overlap == null;
    }

    /** The new connection has taken over. @return whether it must be asked for the stream's beginning */
    boolean switched(Join join) {
        both = true;
        Overlap o = overlap;
        if (from == null && o != null && o.level()) {
            goesOver(join);
        }
        return lacksBeginning();
    }

    private boolean lacksBeginning() {
        return from != null && (broken || beginsAnew || last == NONE && nextEnd != NONE);
    }

    /** The new connection came to nothing. */
    void abandoned() {
        nextAt.setRelease(NONE);
        nextOn.setRelease(0);
        nextEnd = NONE;
        ahead = new ArrayDeque<>(0);
        overlap = null;
        joined = false;
        both = false;
    }

    /**
     * The old connection has ended, the new one has taken over before.
     *
     * @return whether messages are missing: {@link #missingFrom} to {@link #missingTo}
     */
    boolean replaced(Join join) {
        if (!both) {
            forgetKept(join);
            abandoned();
            return false;
        }
        boolean lacks = !joined && nextEnd != NONE && last != NONE && nextEnd > last;
        if (lacks) {
            gap(last + 1, nextEnd);
            // Told once: the next rotation may begin before anything more has come.
            last = nextEnd;
        }
        leftOut = nextEnd == NONE;
        Overlap o = overlap;
        if (from == null && !joined && !isQuiet()) {
            if (o != null) {
                o.release(join);
            }
            // What the new connection brings from here on is all there is.
            join.moved();
        }
        forgetKept(join);
        moved(join.next);
        return lacks;
    }

    /** Nothing of the new connection is kept back any more, so that others have the room. */
    void forgetKept(Join join) {
        forget(join);
        Overlap o = overlap;
        if (o != null) {
            o.forget(join);
        }
    }

    /**
     * The old connection has ended before the new one could take over.
     *
     * @return whether messages of the new one were kept from the listeners, its snapshot among them where there is one
     */
    boolean inherited() {
        boolean swallowed = nextEnd != NONE;
        abandoned();
        return swallowed;
    }

    private void moved(long next) {
        long at = nextAt.get();
        if (at != NONE) {
            lastAt.setRelease(at);
        }
        if (last != NONE || at != NONE) {
            lastOn.setRelease(next);
        }
        abandoned();
    }

    void beginAnew() {
        beginsAnew = true;
    }

    // --- asked

    /** When the last message came on that connection; {@code Long.MIN_VALUE} if none did. */
    public long lastOn(long connection) {
        if (nextOn.getAcquire() == connection) {
            return nextAt.getAcquire();
        }
        return lastOn.getAcquire() == connection ? lastAt.getAcquire() : NONE;
    }

    /** When the last message came on any connection; {@code Long.MIN_VALUE} if none did. */
    public long lastAt() {
        return Math.max(lastAt.getAcquire(), nextAt.getAcquire());
    }

    public long gaps() {
        return gaps.get();
    }

    /** Messages that came a second time and were kept from the listeners. */
    public long old() {
        return old.get();
    }
}
