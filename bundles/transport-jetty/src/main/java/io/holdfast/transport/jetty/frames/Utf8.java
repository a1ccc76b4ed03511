// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. A text may come in pieces that end
 * within a character; what is known so far is one number. Allocates nothing.
 */
public final class Utf8 {
    /** The text so far is whole; the state to begin with. */
    static final int COMPLETE = 0;

    /** The text is not UTF-8, whatever follows. */
    static final int INVALID = -1;

    private static final long NOT_ASCII = 0x8080808080808080L;
    private static final int BLOCK = 8 * Long.BYTES;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Utf8() {}

    /** Whether the bytes from position to limit are UTF-8. Leaves position and limit alone. */
    public static boolean isValid(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            int from = bytes.arrayOffset() + bytes.position();
            return isValid(bytes.array(), from, from + bytes.remaining());
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return isValid(copy, 0, copy.length);
    }

    static boolean isValid(byte[] bytes, int from, int to) {
        return check(bytes, from, to, COMPLETE) == COMPLETE;
    }

    /**
     * Reads on.
     *
     * @param state what the call for the bytes before returned, first {@link #COMPLETE}
     * @return {@link #COMPLETE}, {@link #INVALID}, or that the text ended within a character
     */
    static int check(byte[] bytes, int from, int to, int state) {
        // Within a character: how many bytes are missing, and the range of the next one.
        int missing = state >> 16;
        int low = state >> 8 & 0xff;
        int high = state & 0xff;
        int i = from;
        while (true) {
            if (missing <= 0) {
                i = skipAscii(bytes, i, to);
                if (i >= to) {
                    return COMPLETE;
                }
                int lead = bytes[i++] & 0xff;
                missing = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
                if (missing == 0) {
                    return INVALID;
                }
                // Only the second byte's range depends on the lead: this is where overlong forms, surrogates and the
                // end are caught.
                low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
                high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
            }
            for (; missing > 0; missing--) {
                if (i == to) {
                    return missing << 16 | low << 8 | high;
                }
                int next = bytes[i++] & 0xff;
                if (next < low || next > high) {
                    return INVALID;
                }
                low = 0x80;
                high = 0xbf;
            }
        }
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int i = from;
        // Eight words at a time: one branch for 64 bytes of what is nearly always ASCII.
        int end = to - BLOCK;
        for (; i < end; i += BLOCK) {
            if (!isAscii(bytes, i)) {
                return skipBytes(bytes, i, to);
            }
        }
        // The last 64 are looked at as a whole, those among them that were seen already too: no loop for the rest.
        return end >= from && isAscii(bytes, end) ? to : skipBytes(bytes, i, to);
    }

    private static boolean isAscii(byte[] bytes, int at) {
        long half = word(bytes, at) | word(bytes, at + 8) | word(bytes, at + 16) | word(bytes, at + 24);
        long other = word(bytes, at + 32) | word(bytes, at + 40) | word(bytes, at + 48) | word(bytes, at + 56);
        return ((half | other) & NOT_ASCII) == 0;
    }

    private static int skipBytes(byte[] bytes, int from, int to) {
        int i = from;
        for (int end = to - Long.BYTES; i <= end && (word(bytes, i) & NOT_ASCII) == 0; i += Long.BYTES) {
            // Nothing but to go on.
        }
        while (i < to && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    private static long word(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }
}
