// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import java.nio.ByteBuffer;

/**
 * Reads a server's frames out of bytes that may be split anywhere. What there is of a payload is handed on at once, in
 * pieces, as positions in the caller's buffer: nothing is copied or kept but the header. Checks everything that a single
 * frame can violate; the order of frames is the business of {@link MessageReader}.
 */
final class FrameParser {
    private static final int START = -2;
    private static final int SECOND_BYTE = -1;
    private static final int PAYLOAD = 0;

    /** RSV1 is allowed where a message begins (RFC 7692, 6). */
    private final boolean compression;

    /** One of the above, or how many bytes of an extended length are missing. */
    private int state = START;

    private int first;
    private long length;
    private long left;
    private boolean begun;

    private boolean beginning;
    private int from;
    private int size;

    FrameParser(boolean compression) {
        this.compression = compression;
    }

    /**
     * Consumes up to the end of the next piece. False if there is none left in the buffer, which is consumed then. The first
     * piece comes with the end of the header, and has no bytes if there are none: what a header announces is judged at once.
     */
    boolean next(ByteBuffer in) throws Violation {
        if (state != PAYLOAD && !readHeader(in)) {
            return false;
        }
        int available = in.remaining();
        if (available == 0 && left > 0 && begun) {
            return false;
        }
        beginning = !begun;
        begun = true;
        from = in.position();
        size = (int) Math.min(left, available);
        left -= size;
        in.position(from + size);
        if (left == 0) {
            state = START;
            begun = false;
        }
        return true;
    }

    int opCode() {
        return first & 0x0f;
    }

    /** Whether the frame is its message's last. */
    boolean fin() {
        return (first & 0x80) != 0;
    }

    boolean rsv1() {
        return (first & 0x40) != 0;
    }

    /** The frame's length as announced. */
    long length() {
        return length;
    }

    /** Whether the piece is its frame's first. */
    boolean beginsFrame() {
        return beginning;
    }

    /** Whether the piece is its frame's last. */
    boolean endsFrame() {
        return left == 0;
    }

    /** Where the piece begins in the buffer. */
    int from() {
        return from;
    }

    int size() {
        return size;
    }

    private boolean readHeader(ByteBuffer in) throws Violation {
        if (state == START && in.remaining() >= 4) {
            // All but very long frames, and those split within their header, come this way.
            int head = in.getInt(in.position());
            int second = head >> 16 & 0xff;
            if (second <= 126) {
                first = head >>> 24;
                checkFirst();
                in.position(in.position() + (second == 126 ? 4 : 2));
                begin(second == 126 ? head & 0xffff : second);
                return true;
            }
        }
        while (in.hasRemaining()) {
            if (readByte(in.get() & 0xff)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the header is complete. */
    private boolean readByte(int b) throws Violation {
        if (state == START) {
            first = b;
            checkFirst();
            state = SECOND_BYTE;
        } else if (state == SECOND_BYTE) {
            if (b < 126) {
                begin(b);
                return true;
            }
            checkMask(b);
            length = 0;
            state = b == 126 ? 2 : 8;
        } else {
            length = length << 8 | b;
            if (--state == 0) {
                begin(length);
                return true;
            }
        }
        return false;
    }

    private static void checkMask(int second) throws Violation {
        if ((second & 0x80) != 0) {
            throw Violation.protocol("a server's frame must not be masked");
        }
    }

    /** What the first byte alone says, as soon as it is there. */
    private void checkFirst() throws Violation {
        int opCode = opCode();
        if ((first & 0x70) != 0) {
            boolean beginsMessage = opCode == OpCode.TEXT || opCode == OpCode.BINARY;
            if ((first & 0x30) != 0 || !compression || !beginsMessage) {
                throw Violation.protocol("a reserved bit is set");
            }
        }
        if (!OpCode.isKnown(opCode)) {
            throw Violation.protocol("unknown opcode " + opCode);
        }
        if (OpCode.isControl(opCode) && !fin()) {
            throw Violation.protocol("a control frame is fragmented");
        }
    }

    private void begin(long announced) throws Violation {
        length = announced;
        left = announced;
        state = PAYLOAD;
        if (announced < 0) {
            throw Violation.protocol("a frame's length has its highest bit set");
        }
        if (announced > OpCode.MAX_CONTROL_PAYLOAD && OpCode.isControl(opCode())) {
            throw Violation.protocol("a control frame has " + announced + " bytes");
        }
    }
}
