// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import java.nio.ByteBuffer;

/** Looks into a payload without parsing it, and without making anything. */
final class Bytes {
    private static final long NONE = Long.MIN_VALUE;

    private Bytes() {}

    /** Where the literal ends, if it stands in the first so many bytes; else -1. */
    static int after(ByteBuffer payload, int within, byte[] literal) {
        int end = payload.position() + Math.min(payload.remaining(), within);
        int last = end - literal.length;
        byte first = literal[0];
        for (int i = payload.position(); i <= last; i++) {
            if (payload.get(i) == first && matches(payload, i, literal)) {
                return i + literal.length;
            }
        }
        return -1;
    }

    private static boolean matches(ByteBuffer payload, int at, byte[] literal) {
        for (int j = 1; j < literal.length; j++) {
            if (payload.get(at + j) != literal[j]) {
                return false;
            }
        }
        return true;
    }

    /** The whole number right after the literal; {@code Long.MIN_VALUE} if there is none that fits. */
    static long number(ByteBuffer payload, byte[] literal) {
        int at = after(payload, payload.remaining(), literal);
        if (at < 0) {
            return NONE;
        }
        int end = payload.limit();
        while (at < end && payload.get(at) == ' ') {
            at++;
        }
        long value = 0;
        int digits = 0;
        for (; at < end; at++, digits++) {
            int digit = payload.get(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return NONE;
            }
            value = value * 10 + digit;
        }
        return digits == 0 ? NONE : value;
    }

    /** The position of the next quotation mark from there on; -1 if there is none within 256 bytes. */
    static int quote(ByteBuffer payload, int from) {
        int end = Math.min(payload.limit(), from + 256);
        for (int i = from; i < end; i++) {
            if (payload.get(i) == '"') {
                return i;
            }
        }
        return -1;
    }

    static int hash(ByteBuffer payload, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + payload.get(i);
        }
        return hash;
    }

    static int hash(byte[] key) {
        int hash = 1;
        for (byte b : key) {
            hash = 31 * hash + b;
        }
        return hash;
    }

    static boolean equal(ByteBuffer payload, int from, int to, byte[] key) {
        if (to - from != key.length) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (payload.get(from + i) != key[i]) {
                return false;
            }
        }
        return true;
    }
}
