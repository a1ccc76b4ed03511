// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Messages one behind the other in one byte array that grows and shrinks; nothing is allocated per message. One producer
 * and one consumer, either of which may be a different thread over time if the change is ordered by the caller.
 *
 * <p>Positions count up for ever; the array is used modulo its length. The consumer copies a record out and only then moves
 * {@code head}: a listener that takes its time holds no place here, and the producer may drop the oldest at any time, for
 * the consumer sees by the failed move that its copy is void. The producer never writes into an array again after it has
 * published a larger or smaller one, so a consumer that still reads the former is right as well.
 */
final class ByteRing {
    /** No message. */
    static final long NONE = -1;

    /** Length, kind, sequence, connection, time. Records are multiples of it, so that a header is never split. */
    private static final int HEADER = 32;

    private static final int SMALLEST = 32 * HEADER;
    private static final int LARGEST = Integer.MAX_VALUE / HEADER * HEADER - HEADER;
    private static final byte[] EMPTY = new byte[0];
    private static final VarHandle HEAD = handle("head");
    private static final VarHandle ENTERED = handle("entered");
    private static final VarHandle ENTERED_BYTES = handle("enteredBytes");
    private static final VarHandle TAKEN = handle("taken");
    private static final VarHandle TAKEN_BYTES = handle("takenBytes");
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** Oldest record. Moved by either side, by compare-and-set only. */
    private volatile long head;

    /** End of the newest record. Written by the producer. */
    private volatile long tail;

    /** Written by the producer, before {@link #tail}. */
    private volatile byte[] array = EMPTY;

    /** Messages and payload bytes ever appended, less those dropped. Written by the producer. */
    private volatile long entered;

    private volatile long enteredBytes;

    /** Messages and payload bytes ever taken. Written by the consumer. */
    private volatile long taken;

    private volatile long takenBytes;

    /** Producer: most bytes in use since the last {@link #trim()}. */
    private long peak;

    /** Consumer: where the record of the last {@link #peek()} begins. */
    private long peeked;

    // ---- both sides

    boolean isEmpty() {
        return head == tail;
    }

    /** Messages waiting; seen from another thread it may be late by one. */
    long messages() {
        return Math.max(0, entered - taken);
    }

    /** Their payload. */
    long bytes() {
        return Math.max(0, enteredBytes - takenBytes);
    }

    /** Storage held, in bytes. */
    int capacity() {
        return array.length;
    }

    // ---- producer

    /** Whether the array can be made large enough, which says nothing about policy. */
    boolean canHold(int length) {
        return tail - head + size(length) <= LARGEST;
    }

    /**
     * Appends a message that {@linkplain #canHold fits}.
     *
     * @param ceiling largest array to grow to by doubling, bytes; beyond it only what is needed
     */
    void append(boolean text, ByteBuffer payload, long sequence, long connection, long receivedNanos, long ceiling) {
        int length = payload.remaining();
        long size = size(length);
        long end = tail;
        long used = end - head + size;
        peak = Math.max(peak, used);
        byte[] a = array;
        if (used > a.length) {
            a = resize((int) Math.max(used, Math.min(2L * a.length, Math.min(ceiling, LARGEST) / HEADER * HEADER)));
        }
        int at = (int) (end % a.length);
        INT.set(a, at, length);
        INT.set(a, at + 4, text ? 1 : 0);
        LONG.set(a, at + 8, sequence);
        LONG.set(a, at + 16, connection);
        LONG.set(a, at + 24, receivedNanos);
        int from = at + HEADER == a.length ? 0 : at + HEADER;
        int first = Math.min(length, a.length - from);
        payload.get(payload.position(), a, from, first);
        payload.get(payload.position() + first, a, 0, length - first);
        add(ENTERED, 1);
        add(ENTERED_BYTES, length);
        tail = end + size;
    }

    /** Drops the oldest message; false if there is none. */
    boolean dropOldest() {
        for (long h = head; h != tail; h = head) {
            // The producer's own array cannot change under it, and records are overwritten by the producer only.
            byte[] a = array;
            int length = (int) INT.get(a, (int) (h % a.length));
            if (HEAD.compareAndSet(this, h, h + size(length))) {
                add(ENTERED, -1);
                add(ENTERED_BYTES, -length);
                return true;
            }
        }
        return false;
    }

    /**
     * Gives storage back that was not needed since the last call: all of it if nothing came, else down to twice the most that
     * was in use.
     *
     * @return whether storage is left
     */
    boolean trim() {
        long used = tail - head;
        if (used == 0 && peak == 0) {
            array = EMPTY;
        } else if (peak < array.length / 4) {
            int wanted = (int) Math.max(SMALLEST, 2 * peak);
            if (wanted < array.length) {
                resize(wanted);
            }
        }
        peak = used;
        return array.length > 0;
    }

    private byte[] resize(int capacity) {
        byte[] from = array;
        byte[] to = new byte[Math.max(SMALLEST, capacity)];
        long position = head;
        long end = tail;
        while (position < end) {
            int source = (int) (position % from.length);
            int target = (int) (position % to.length);
            int run = (int) Math.min(end - position, Math.min(from.length - source, to.length - target));
            System.arraycopy(from, source, to, target, run);
            position += run;
        }
        array = to;
        return to;
    }

    // ---- consumer

    /** The sequence of the oldest message, or {@link #NONE}. */
    long peek() {
        for (long h = head; h != tail; h = head) {
            byte[] a = array;
            if (a.length == 0) {
                continue; // dropped and trimmed since head was read
            }
            long sequence = (long) LONG.get(a, (int) (h % a.length) + 8);
            VarHandle.loadLoadFence();
            if (head == h) {
                peeked = h;
                return sequence;
            }
        }
        return NONE;
    }

    /** Takes the message last peeked at; false if the producer has dropped it meanwhile. */
    boolean take(LaneMessage into) {
        long h = peeked;
        byte[] a = array;
        if (a.length == 0) {
            return false;
        }
        int at = (int) (h % a.length);
        int length = (int) INT.get(a, at);
        boolean text = (int) INT.get(a, at + 4) == 1;
        long sequence = (long) LONG.get(a, at + 8);
        long connection = (long) LONG.get(a, at + 16);
        long receivedNanos = (long) LONG.get(a, at + 24);
        VarHandle.loadLoadFence();
        if (head != h) {
            return false;
        }
        byte[] copy = into.room(length);
        int from = at + HEADER == a.length ? 0 : at + HEADER;
        int first = Math.min(length, a.length - from);
        System.arraycopy(a, from, copy, 0, first);
        System.arraycopy(a, 0, copy, first, length - first);
        VarHandle.loadLoadFence();
        if (!HEAD.compareAndSet(this, h, h + size(length))) {
            return false;
        }
        add(TAKEN, 1);
        add(TAKEN_BYTES, length);
        into.copied(text, length, sequence, connection, receivedNanos);
        return true;
    }

    /** Each counter has one writer, so that nothing stronger is needed. */
    private void add(VarHandle counter, long by) {
        counter.setRelease(this, (long) counter.get(this) + by);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(ByteRing.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static long size(int length) {
        return HEADER + ((long) length + HEADER - 1) / HEADER * HEADER;
    }
}
