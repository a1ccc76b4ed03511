package io.holdfast.simulator.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** What waits for one socket, in order; and the sources that are asked for more when nothing waits. Loop thread only. */
public final class Outbox {

    /** Told when the last byte of something was given to the operating system. */
    public interface Done {
        void written(long tag);
    }

    /** Gives messages on demand. */
    interface Source {
        /** The next frame, or null when there is no more. */
        byte[] next();

        void written();

        /** Nothing more of it will be written. */
        void finished();
    }

    /** With a source: the mark behind its last frame. */
    private record Item(ByteBuffer bytes, int size, Done done, long tag, Source source) {
    }

    private static final int BATCH = 64;
    private static final int PASS = 1 << 20; // bytes in one go, so that others get their turn

    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final ArrayDeque<Source> sources = new ArrayDeque<>();
    private final ByteBuffer[] batch = new ByteBuffer[BATCH];
    private long pendingBytes;
    private long bytesOut;
    private long framesOut;

    void add(byte[] bytes, Done done, long tag) {
        queue.add(new Item(ByteBuffer.wrap(bytes), bytes.length, done, tag, null));
        pendingBytes += bytes.length;
    }

    void add(Source source) {
        sources.add(source);
    }

    /** Bytes queued and not written; messages still in a source do not count. */
    long pendingBytes() {
        return pendingBytes;
    }

    long bytesOut() {
        return bytesOut;
    }

    long framesOut() {
        return framesOut;
    }

    /** The handshake is behind us: counting starts here. */
    void startCounting() {
        bytesOut = 0;
        framesOut = 0;
    }

    boolean isEmpty() {
        return queue.isEmpty() && sources.isEmpty();
    }

    /** Writes until the socket takes no more, nothing is left, or this pass is long enough. */
    void flush(Wire wire) throws IOException {
        for (long start = bytesOut; bytesOut - start < PASS;) {
            pull();
            int count = 0;
            for (Item item : queue) {
                if (item.bytes.hasRemaining()) {
                    batch[count++] = item.bytes;
                    if (count == BATCH) {
                        break;
                    }
                }
            }
            boolean moved = count > 0 && wire.write(batch, count);
            if (!wire.pending()) {
                complete();
            }
            if (!moved) {
                return;
            }
        }
    }

    private void pull() {
        while (queue.size() < BATCH && !sources.isEmpty()) {
            Source source = sources.peek();
            byte[] frame = source.next();
            if (frame == null) {
                sources.poll();
                queue.add(new Item(ByteBuffer.allocate(0), 0, null, 0, source));
            } else {
                add(frame, tag -> source.written(), 0);
            }
        }
    }

    private void complete() {
        Item item;
        while ((item = queue.peek()) != null && !item.bytes.hasRemaining()) {
            queue.poll();
            pendingBytes -= item.size;
            bytesOut += item.size;
            framesOut += item.size > 0 ? 1 : 0;
            if (item.done != null) {
                item.done.written(item.tag);
            }
            if (item.source != null) {
                item.source.finished();
            }
        }
    }

    /** Forgets everything but the frame that is half on the wire. */
    void dropUnstarted() {
        Item head = queue.peek();
        boolean started = head != null && head.bytes.position() > 0;
        clear();
        if (started) {
            queue.add(head);
            pendingBytes = head.size;
        }
    }

    /** Forgets everything. */
    void clear() {
        Item item;
        while ((item = queue.poll()) != null) {
            if (item.source != null) {
                item.source.finished();
            }
        }
        pendingBytes = 0;
        while (!sources.isEmpty()) {
            sources.poll().finished();
        }
    }
}
