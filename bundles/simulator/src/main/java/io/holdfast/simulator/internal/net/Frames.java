// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes server frames (RFC 6455, section 5.2): unmasked, without extensions. */
public final class Frames {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;
    /** "No code was present"; never on the wire. */
    public static final int NO_CODE = 1005;

    private Frames() {}

    public static byte[] text(String text) {
        return frame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] frame(boolean fin, int opcode, byte[] payload) {
        byte[] head = head(fin, opcode, payload.length);
        byte[] frame = new byte[head.length + payload.length];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(payload, 0, frame, head.length, payload.length);
        return frame;
    }

    public static byte[] head(boolean fin, int opcode, long length) {
        int size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
        ByteBuffer head = ByteBuffer.allocate(size);
        head.put((byte) ((fin ? 0x80 : 0) | opcode));
        if (size == 2) {
            head.put((byte) length);
        } else if (size == 4) {
            head.put((byte) 126).putShort((short) length);
        } else {
            head.put((byte) 127).putLong(length);
        }
        return head.array();
    }

    public static byte[] close(int code, String reason) {
        if (code == NO_CODE) {
            return frame(true, CLOSE, new byte[0]);
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        if (text.length > 123) {
            throw new IllegalArgumentException("close reason longer than 123 bytes: " + text.length);
        }
        return frame(
                true,
                CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    /** A text frame as only a client may send it. */
    public static byte[] masked(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        if (payload.length > 125) {
            throw new IllegalArgumentException("too long for a short frame: " + payload.length);
        }
        byte[] key = {0x11, 0x22, 0x33, 0x44};
        ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
        frame.put((byte) 0x81).put((byte) (0x80 | payload.length)).put(key);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ key[i & 3]));
        }
        return frame.array();
    }
}
