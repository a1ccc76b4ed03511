// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.SequenceRule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One channel as its messages show it: when the last came, and whether its numbering holds. Belongs to the client, over all
 * connections. Written on the thread of the connection that delivers; the mailbox reads the times and counts.
 */
public final class Stream {
    /** What a message is within its channel. */
    public enum Order {
        /** The next one, or nothing is known of its place. */
        NEXT,
        /** One that came before. */
        OLD,
        /** Something is missing before it; where it will be healed told once until the numbering begins anew. */
        GAP
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

    /** Set by the mailbox when the channel was given back: whatever comes next begins its numbering. */
    private volatile boolean beginsAnew;

    /** Of the delivering thread; handed from one connection to the next through the mailbox. */
    private long last = NONE;

    private boolean broken;
    private long missingFrom;
    private long missingTo;

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

    /** For the message that was last found to be {@link Order#GAP}. */
    public long missingFrom() {
        return missingFrom;
    }

    public long missingTo() {
        return missingTo;
    }

    /** Looks at a message; on the delivering thread. */
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
        if (fresh || beginsAnew || begin == NONE || last == NONE) {
            beginsAnew = false;
            broken = false;
            last = end;
            return Order.NEXT;
        }
        if (end <= last) {
            old.incrementAndGet();
            return Order.OLD;
        }
        long expected = last + step;
        long before = last;
        last = end;
        if (begin == expected || step == 1 && begin < expected || broken) {
            return Order.NEXT;
        }
        broken = healed;
        missingFrom = before + 1;
        missingTo = Math.max(before + 1, begin - step);
        gaps.incrementAndGet();
        return Order.GAP;
    }

    void beginAnew() {
        beginsAnew = true;
    }

    /** When the last message came on that connection; {@code Long.MIN_VALUE} if none did. */
    public long lastOn(long connection) {
        return lastOn.getAcquire() == connection ? lastAt.getAcquire() : NONE;
    }

    /** When the last message came on any connection; {@code Long.MIN_VALUE} if none did. */
    public long lastAt() {
        return lastAt.getAcquire();
    }

    public long gaps() {
        return gaps.get();
    }

    /** Messages that came a second time and were kept from the listeners. */
    public long old() {
        return old.get();
    }
}
