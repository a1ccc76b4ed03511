// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.fault;

import io.holdfast.simulator.internal.net.Frames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Bytes that faults write. Pure. */
final class BadFrames {

    private static final int MIN_FLOOD = 64;
    private static final int CHUNK = 64 * 1024;

    private BadFrames() {}

    static byte[] reservedOpcode() {
        return Frames.frame(true, 3, "reserved".getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] invalidUtf8() {
        return Frames.frame(true, Frames.TEXT, new byte[] {'a', (byte) 0xc3, (byte) 0x28, 'b'});
    }

    static byte[] masked() {
        return Frames.masked("{\"masked\":\"as only a client may\"}");
    }

    static void checkSize(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative: " + bytes);
        }
    }

    /** One frame in chunks: the head, then the letter x. */
    static Iterator<byte[]> oversized(long bytes) {
        byte[] chunk = new byte[(int) Math.min(bytes, CHUNK)];
        Arrays.fill(chunk, (byte) 'x');
        return new Iterator<>() {
            private boolean headGiven;
            private long left = bytes;

            @Override
            public boolean hasNext() {
                return !headGiven || left > 0;
            }

            @Override
            public byte[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                if (!headGiven) {
                    headGiven = true;
                    return Frames.head(true, Frames.TEXT, bytes);
                }
                int size = (int) Math.min(left, chunk.length);
                left -= size;
                return size == chunk.length ? chunk : Arrays.copyOf(chunk, size);
            }
        };
    }

    static void checkFlood(int messages, int bytes) {
        if (messages < 0 || bytes < MIN_FLOOD || bytes > 1 << 24) {
            throw new IllegalArgumentException("a flood has 0 or more messages of " + MIN_FLOOD + " to " + (1 << 24)
                    + " bytes: " + messages + " x " + bytes);
        }
    }

    static Iterator<byte[]> flood(int messages, int bytes) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < messages;
            }

            @Override
            public byte[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                byte[] start = ("{\"flood\":" + next++ + ",\"ns\":" + System.nanoTime() + ",\"pad\":\"")
                        .getBytes(StandardCharsets.US_ASCII);
                byte[] payload = Arrays.copyOf(start, bytes);
                Arrays.fill(payload, start.length, bytes - 2, (byte) '.');
                payload[bytes - 2] = '"';
                payload[bytes - 1] = '}';
                return Frames.frame(true, Frames.TEXT, payload);
            }
        };
    }
}
