// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Puts the fragments of one message together. Used by the reading thread only. */
public final class Assembly {
    /** What is kept between messages; a larger buffer is given back to the collector. */
    private static final int KEPT = 16 * 1024;

    private static final byte[] EMPTY = {};

    private final int max;
    private byte[] bytes = EMPTY;
    private int length;
    private boolean text;
    private boolean open;

    /** @param max the largest message, in bytes */
    public Assembly(int max) {
        this.max = max;
    }

    public boolean isOpen() {
        return open;
    }

    public boolean isText() {
        return text;
    }

    public void begin(boolean isText) {
        text = isText;
        length = 0;
        open = true;
    }

    /** Whether the fragment still fitted. */
    public boolean add(ByteBuffer fragment) {
        int more = fragment.remaining();
        if (more > left()) {
            return false;
        }
        makeRoom(more);
        fragment.get(fragment.position(), bytes, length, more);
        length += more;
        return true;
    }

    /** The whole message; valid until the next one begins. */
    public ByteBuffer end() {
        open = false;
        ByteBuffer whole = ByteBuffer.wrap(bytes, 0, length);
        if (bytes.length > KEPT) {
            bytes = EMPTY;
        }
        return whole;
    }

    /** How many bytes the message may still grow by. */
    int left() {
        return max - length;
    }

    int length() {
        return length;
    }

    /** The bytes so far are at the front; what is behind them may be written to and is then counted by {@link #grow}. */
    byte[] array() {
        return bytes;
    }

    /** Sees to it that there is room for so many bytes more; they must be within the limit. */
    void makeRoom(int more) {
        if (length + more > bytes.length) {
            long doubled = Math.max(1024, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(max, Math.max(doubled, (long) length + more)));
        }
    }

    void grow(int more) {
        length += more;
    }
}
