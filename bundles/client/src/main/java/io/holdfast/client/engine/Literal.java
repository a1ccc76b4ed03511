// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A text to be found in frames, by Horspool's search: the byte under the literal's end says how far on the next place can be,
 * so that a frame without it is mostly skipped over, a literal's length at a time. Immutable.
 */
final class Literal {
    private final byte[] bytes;

    /** By the value of the byte under the end: how many places cannot be right. */
    private final byte[] skips = new byte[256];

    Literal(String text) {
        bytes = text.getBytes(StandardCharsets.UTF_8);
        Arrays.fill(skips, (byte) Math.min(bytes.length, Byte.MAX_VALUE));
        for (int i = 0; i < bytes.length - 1; i++) {
            skips[bytes[i] & 0xff] = (byte) Math.min(bytes.length - 1 - i, Byte.MAX_VALUE);
        }
    }

    static Literal[] all(List<String> texts) {
        Literal[] all = new Literal[texts.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = new Literal(texts.get(i));
        }
        return all;
    }

    /** Whether all of them stand in the first {@code head} bytes. */
    static boolean areIn(ByteBuffer payload, int head, Literal[] literals) {
        int length = Math.min(payload.remaining(), head);
        byte[] in;
        int from;
        if (payload.hasArray()) {
            in = payload.array();
            from = payload.arrayOffset() + payload.position();
        } else {
            // No transport of ours hands out such a buffer.
            in = new byte[length];
            from = 0;
            payload.get(payload.position(), in);
        }
        for (Literal literal : literals) {
            if (!literal.isIn(in, from, from + length)) {
                return false;
            }
        }
        return true;
    }

    private boolean isIn(byte[] in, int from, int to) {
        int last = bytes.length - 1;
        int end = from + last;
        while (end < to) {
            byte under = in[end];
            if (under == bytes[last] && Arrays.equals(in, end - last, end, bytes, 0, last)) {
                return true;
            }
            end += skips[under & 0xff];
        }
        return false;
    }
}
