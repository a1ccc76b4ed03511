// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A frame to be sent: never fragmented, never compressed.
 *
 * @param payload from position to limit, left alone; must not change until it was written
 */
public record OutFrame(int opCode, ByteBuffer payload) {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    public static OutFrame message(boolean text, ByteBuffer payload) {
        return new OutFrame(text ? OpCode.TEXT : OpCode.BINARY, payload);
    }

    /** @throws IllegalArgumentException if the payload is longer than a control frame's may be */
    public static OutFrame ping(ByteBuffer payload) {
        if (payload.remaining() > OpCode.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("payload: a ping has at most 125 bytes");
        }
        return new OutFrame(OpCode.PING, payload);
    }

    /** With a copy of a ping's payload. */
    public static OutFrame pong(ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        return new OutFrame(OpCode.PONG, ByteBuffer.wrap(copy));
    }

    /** @throws IllegalArgumentException if the code must not be sent or the reason is too long */
    public static OutFrame close(int code, String reason) {
        if (!CloseCode.isTransmittable(code)) {
            throw new IllegalArgumentException("code: " + code + " must not be sent");
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        if (text.length > OpCode.MAX_CONTROL_PAYLOAD - 2) {
            throw new IllegalArgumentException("reason: at most 123 bytes");
        }
        return new OutFrame(
                OpCode.CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .flip());
    }

    /** The answer to a closing frame: with its code, if it has one. */
    public static OutFrame closeAnswer(int code) {
        return code == CloseCode.NONE ? new OutFrame(OpCode.CLOSE, ByteBuffer.allocate(0)) : close(code, "");
    }

    /** The bytes for the wire: header and payload, masked as a client's must be (RFC 6455, 5.3). */
    public ByteBuffer encode(int mask) {
        int length = payload.remaining();
        int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
        byte[] bytes = new byte[header + 4 + length];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.put((byte) (0x80 | opCode));
        if (header == 2) {
            out.put((byte) (0x80 | length));
        } else if (header == 4) {
            out.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            out.put((byte) (0x80 | 127)).putLong(length);
        }
        out.putInt(mask);
        int from = out.position();
        payload.get(payload.position(), bytes, from, length);
        mask(bytes, from, length, mask);
        return out.position(0);
    }

    private static void mask(byte[] bytes, int from, int length, int mask) {
        long twice = (long) mask << 32 | mask & 0xffff_ffffL;
        int end = from + length;
        int i = from;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ twice);
        }
        for (int shift = 56; i < end; i++, shift -= 8) {
            bytes[i] ^= (byte) (twice >>> shift);
        }
    }

    /** Neither payload nor its text: it may hold secrets. */
    @Override
    public String toString() {
        return "OutFrame[opCode=" + opCode + ", " + payload.remaining() + " bytes]";
    }
}
