// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Buffers that a connection has only while it reads, so that there are about as many as threads that read, however many
 * connections there are. No lock.
 */
final class Spares<B> {
    private static final int KEPT = 16;

    private final AtomicReferenceArray<B> free = new AtomicReferenceArray<>(KEPT);
    private final Supplier<B> maker;

    Spares(Supplier<B> maker) {
        this.maker = maker;
    }

    B take() {
        for (int i = 0; i < KEPT; i++) {
            B buffer = free.get(i) == null ? null : free.getAndSet(i, null);
            if (buffer != null) {
                return buffer;
            }
        }
        return maker.get();
    }

    /** @param buffer empty */
    void giveBack(B buffer) {
        for (int i = 0; i < KEPT; i++) {
            if (free.get(i) == null && free.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }
}
