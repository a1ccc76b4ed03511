// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Masking keys from a strong source (RFC 6455, 5.3), drawn some at a time. Used by whoever writes, one thread at a time. */
final class Masks {
    /** Few at first: most connections send a request or two and then listen. */
    private static final int FIRST = 4 * Integer.BYTES;

    private static final int DRAWN = 16 * Integer.BYTES;

    private final SecureRandom random;
    private ByteBuffer drawn;

    Masks(SecureRandom random) {
        this.random = random;
    }

    int next() {
        if (drawn == null || !drawn.hasRemaining()) {
            draw();
        }
        return drawn.getInt();
    }

    private void draw() {
        if (drawn == null) {
            // Not before the first frame is written: many connections only listen.
            drawn = ByteBuffer.allocate(FIRST);
        } else if (drawn.capacity() == FIRST) {
            drawn = ByteBuffer.allocate(DRAWN);
        }
        random.nextBytes(drawn.array());
        drawn.clear();
    }
}
