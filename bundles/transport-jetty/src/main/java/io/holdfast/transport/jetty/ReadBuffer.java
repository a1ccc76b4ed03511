// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.nio.ByteBuffer;

/** Where bytes are read to, and a view of the same bytes that is handed out. */
record ReadBuffer(ByteBuffer in, ByteBuffer view) {
    /** @param size in bytes; empty at first, in Jetty's sense: from position to limit is what was read */
    static ReadBuffer of(int size) {
        ByteBuffer in = ByteBuffer.allocate(size);
        ByteBuffer view = in.duplicate();
        in.limit(0);
        return new ReadBuffer(in, view);
    }
}
