// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.nio.ByteBuffer;

/** Where the direct engine reads to, and a view of the same bytes that is handed out. */
record ReadBuffer(ByteBuffer in, ByteBuffer view) {
    /** Must be larger than a TLS record, which is decrypted into it then and not beside it. A plain socket's bytes come in slices. */
    static final int SIZE = 64 * 1024;

    /** Empty, in Jetty's sense: from position to limit is what was read. */
    static ReadBuffer empty() {
        ByteBuffer in = ByteBuffer.allocate(SIZE);
        ByteBuffer view = in.duplicate();
        in.limit(0);
        return new ReadBuffer(in, view);
    }
}
