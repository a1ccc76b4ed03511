// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.nio.ByteBuffer;

/**
 * Decides whether listeners get a message. Asked in the delivery's turn, so that of two connections that bring the same stream
 * each message is decided on and put into its place before the next one is looked at. Must neither block nor call foreign
 * code; {@link Delivery#gapNow} may be called from within.
 */
public interface Sieve {
    /**
     * @param payload from position to limit, unchanged; used until return
     * @return whether listeners are not to see the message
     */
    boolean takes(ByteBuffer payload, long nanos);

    /** The same bytes for whoever needs them after the call that brought them. */
    static ByteBuffer copy(ByteBuffer payload) {
        return ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
    }

    /** A text message that was kept back. @param connection the one that brought it */
    record Held(ByteBuffer payload, long nanos, long connection) {}

    /** One whose place is right behind the message that was looked at last, or in its place; null if there is none. */
    Held next();
}
