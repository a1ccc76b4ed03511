// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * Where a connection's TLS gets its buffers. Jetty asks for room for one record, and so would need a system call for each full
 * one; it gets room for several. Not during the handshake: thousands of connections can be in the midst of one.
 */
final class RecordBuffers implements ByteBufferPool {
    /** As much as is decrypted to: three full records, and what has come of the next. */
    static final int SIZE = ReadBuffer.SIZE;

    private final ByteBufferPool pool;
    private volatile boolean established;

    RecordBuffers(ByteBufferPool pool) {
        this.pool = pool;
    }

    void established() {
        established = true;
    }

    boolean isEstablished() {
        return established;
    }

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
        return pool.acquire(established ? Math.max(size, SIZE) : size, direct);
    }

    @Override
    public void clear() {
        pool.clear();
    }
}
