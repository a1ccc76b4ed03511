// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What waits for one socket, in order; and the sources that are asked for more when little waits. Loop thread only. */
public final class Outbox {

    /** Told when the last byte of something was given to the operating system. */
    public interface Done {
        void written(long tag);
    }

    /** Gives bytes on demand. */
    interface Source {
        /** The next bytes, or null when there are no more. */
        byte[] next();

        /** Whether all its bytes are one frame, so that nothing may come between. */
        boolean oneFrame();

        void written();

        /** Nothing more of it will be written. Called once or more. */
        void finished();
    }

    /** With a source: the mark behind its last bytes. */
    private record Item(ByteBuffer bytes, int size, Done done, long tag, Source endOf) {}

    private static final int BATCH = 64;
    private static final int PASS = 1 << 20; // bytes in one go, so that others get their turn

    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final ArrayDeque<Item> held = new ArrayDeque<>(); // behind a frame that is still being made
    private final ArrayDeque<Source> sources = new ArrayDeque<>();
    private final Set<Source> paced = new HashSet<>();
    private final ByteBuffer[] batch = new ByteBuffer[BATCH];
    private boolean insideFrame;
    private long pendingBytes;
    private long bytesOut;
    private long framesOut;

    void add(byte[] bytes, Done done, long tag) {
        Item item = new Item(ByteBuffer.wrap(bytes), bytes.length, done, tag, null);
        (insideFrame ? held : queue).add(item);
        pendingBytes += bytes.length;
    }

    void add(Source source) {
        sources.add(source);
    }

    /** A source that adds its frames itself: it is told when the box is cleared, or its mark is reached. */
    void addPaced(Source source) {
        paced.add(source);
    }

    /** Sets the mark behind the last frame of a paced source. */
    void markEnd(Source source) {
        (insideFrame ? held : queue).add(new Item(ByteBuffer.allocate(0), 0, null, 0, source));
    }

    /** Bytes queued and not written; what is still in a source does not count. */
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
        long room = PASS;
        while (room > 0) {
            pull();
            int count = 0;
            for (Item item : queue) {
                if (item.bytes.hasRemaining()) {
                    batch[count++] = item.bytes;
                    room -= item.bytes.remaining();
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
            byte[] bytes = source.next();
            if (bytes == null) {
                sources.poll();
                queue.add(new Item(ByteBuffer.allocate(0), 0, null, 0, source));
                insideFrame = false;
                queue.addAll(held);
                held.clear();
            } else {
                insideFrame = source.oneFrame();
                queue.add(new Item(ByteBuffer.wrap(bytes), bytes.length, tag -> source.written(), 0, null));
                pendingBytes += bytes.length;
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
            finish(item.endOf);
        }
    }

    private void finish(Source source) {
        if (source != null) {
            paced.remove(source);
            source.finished();
        }
    }

    /** Forgets everything but what the wire has taken, whole or in part: TLS may hold several frames in one record. */
    void dropUnstarted() {
        List<Item> started =
                queue.stream().filter(item -> item.bytes.position() > 0).toList();
        clear();
        for (Item item : started) {
            queue.add(item);
            pendingBytes += item.size;
        }
    }

    /** Forgets everything. */
    void clear() {
        queue.addAll(held);
        held.clear();
        insideFrame = false;
        pendingBytes = 0;
        Item item;
        while ((item = queue.poll()) != null) {
            finish(item.endOf);
        }
        while (!sources.isEmpty()) {
            finish(sources.poll());
        }
        List.copyOf(paced).forEach(this::finish);
    }
}
