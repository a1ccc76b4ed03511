// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Masking keys from a strong source (RFC 6455, 5.3), drawn some at a time. Used by whoever writes, one thread at a time. */
final class Masks {
    private static final int DRAWN = 16 * Integer.BYTES;

    private final SecureRandom random;
    private ByteBuffer drawn;

    Masks(SecureRandom random) {
        this.random = random;
    }

    int next() {
        if (drawn == null) {
            // Not before the first frame is written: many connections only listen.
            drawn = ByteBuffer.allocate(DRAWN).position(DRAWN);
        }
        if (!drawn.hasRemaining()) {
            random.nextBytes(drawn.array());
            drawn.clear();
        }
        return drawn.getInt();
    }
}
