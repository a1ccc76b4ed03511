// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/**
 * What was read from a plain socket and is not handed on yet: as much as possible in one call, outside of the heap, where the
 * JDK would read to first in any case; then in slices that stay in the processor's nearest cache until their messages have been
 * looked at. What that is worth: docs/performance.md.
 */
final class SocketBuffer {
    static final int SIZE = 128 * 1024;
    static final int SLICE = 16 * 1024;

    /** Jetty's way: from position to limit is what was read. */
    private final ByteBuffer bytes;

    private SocketBuffer(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    static SocketBuffer empty() {
        return new SocketBuffer(BufferUtil.allocateDirect(SIZE));
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    /** Reads into the empty buffer. @return as {@link EndPoint#fill} */
    int fill(EndPoint socket) throws IOException {
        BufferUtil.clear(bytes);
        return socket.fill(bytes);
    }

    /** @return how many bytes were added to those in the other buffer */
    int handOn(ByteBuffer other) {
        int size = Math.min(SLICE, Math.min(bytes.remaining(), BufferUtil.space(other)));
        int end = bytes.limit();
        bytes.limit(bytes.position() + size);
        int from = BufferUtil.flipToFill(other);
        other.put(bytes);
        BufferUtil.flipToFlush(other, from);
        bytes.limit(end);
        return size;
    }

    void clear() {
        BufferUtil.clear(bytes);
    }

    /** The same bytes, in the heap. */
    SocketBuffer copy() {
        return new SocketBuffer(
                ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip());
    }

    /** Whether it is one of the few that all connections share, and not a copy. */
    boolean isShared() {
        return bytes.isDirect();
    }
}
