// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads client frames (RFC 6455, section 5), puts fragments together, and checks what a server has to check. */
final class FrameDecoder {

    /** Takes what was decoded. Returning false stops the decoding: the connection is being ended. */
    interface Sink {
        boolean frame();

        boolean message(int opcode, byte[] payload);

        boolean control(int opcode, byte[] payload);
    }

    private static final int INITIAL = 1024;

    private final Sink sink;
    private final int maxMessage;
    private final ByteBuffer head = ByteBuffer.allocate(14);

    private boolean inPayload;
    private int opcode;
    private boolean fin;
    private final byte[] mask = new byte[4];
    private byte[] payload = new byte[0];
    private int length;
    private int filled;

    private int messageOpcode = -1; // of the fragmented message under way
    private byte[] message = new byte[0];

    FrameDecoder(Sink sink, int maxMessage) {
        this.sink = sink;
        this.maxMessage = maxMessage;
        head.limit(2);
    }

    void decode(ByteBuffer in) throws ProtocolViolation {
        while (true) {
            if (!inPayload) {
                if (!readHead(in)) {
                    return;
                }
                inPayload = true;
            }
            if (!readPayload(in)) {
                return;
            }
            inPayload = false;
            head.clear().limit(2);
            byte[] complete = payload.length == length ? payload : Arrays.copyOf(payload, length);
            payload = new byte[0];
            if (!deliver(complete)) {
                return;
            }
        }
    }

    private boolean readHead(ByteBuffer in) throws ProtocolViolation {
        while (true) {
            while (head.hasRemaining()) {
                if (!in.hasRemaining()) {
                    return false;
                }
                head.put(in.get());
            }
            int size = headSize();
            if (head.position() == size) {
                parseHead();
                return true;
            }
            head.limit(size);
        }
    }

    private int headSize() throws ProtocolViolation {
        int first = head.get(0) & 0xff;
        int second = head.get(1) & 0xff;
        if ((first & 0x70) != 0) {
            throw new ProtocolViolation(1002, "reserved bit set");
        }
        if ((second & 0x80) == 0) {
            throw new ProtocolViolation(1002, "client frame not masked");
        }
        int code = first & 0x0f;
        if (code > 2 && code < 8 || code > 10) {
            throw new ProtocolViolation(1002, "reserved opcode " + code);
        }
        int shortLength = second & 0x7f;
        if (code >= 8 && (shortLength > 125 || (first & 0x80) == 0)) {
            throw new ProtocolViolation(1002, "control frame fragmented or too long");
        }
        return 6 + (shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0);
    }

    private void parseHead() throws ProtocolViolation {
        head.flip();
        int first = head.get() & 0xff;
        long announced = head.get() & 0x7f;
        if (announced == 126) {
            announced = head.getShort() & 0xffff;
        } else if (announced == 127) {
            announced = head.getLong();
        }
        head.get(mask);
        fin = (first & 0x80) != 0;
        opcode = first & 0x0f;
        boolean control = opcode >= 8;
        if (!control && opcode != 0 && messageOpcode >= 0) {
            throw new ProtocolViolation(1002, "new message inside a fragmented one");
        }
        if (opcode == 0 && messageOpcode < 0) {
            throw new ProtocolViolation(1002, "continuation of nothing");
        }
        if (announced < 0 || announced + (control ? 0 : message.length) > maxMessage) {
            throw new ProtocolViolation(1009, "message above " + maxMessage + " bytes");
        }
        length = (int) announced;
        filled = 0;
        payload = new byte[Math.min(length, INITIAL)];
    }

    private boolean readPayload(ByteBuffer in) {
        while (filled < length) {
            int available = Math.min(in.remaining(), length - filled);
            if (available == 0) {
                return false;
            }
            if (filled + available > payload.length) {
                // grown by what came, so that an announced size alone takes no memory
                payload = Arrays.copyOf(payload, (int) Math.min(length, 2L * (filled + available)));
            }
            in.get(payload, filled, available);
            for (int i = filled; i < filled + available; i++) {
                payload[i] ^= mask[i & 3];
            }
            filled += available;
        }
        return true;
    }

    private boolean deliver(byte[] bytes) throws ProtocolViolation {
        if (!sink.frame()) {
            return false;
        }
        if (opcode >= 8) {
            if (opcode == Frames.CLOSE) {
                checkClose(bytes);
            }
            return sink.control(opcode, bytes);
        }
        if (opcode != 0) {
            messageOpcode = opcode;
        }
        byte[] whole = bytes;
        if (message.length > 0) {
            whole = Arrays.copyOf(message, message.length + bytes.length);
            System.arraycopy(bytes, 0, whole, message.length, bytes.length);
        }
        if (!fin) {
            message = whole;
            return true;
        }
        int type = messageOpcode;
        messageOpcode = -1;
        message = new byte[0];
        if (type == Frames.TEXT) {
            checkUtf8(whole, 0);
        }
        return sink.message(type, whole);
    }

    private static void checkClose(byte[] bytes) throws ProtocolViolation {
        if (bytes.length == 0) {
            return;
        }
        int code = bytes.length == 1 ? 0 : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        boolean known = code >= 1000 && code <= 1014 && code != 1004 && code != Frames.NO_CODE && code != 1006;
        if (!known && (code < 3000 || code > 4999)) {
            throw new ProtocolViolation(1002, "close code " + code);
        }
        checkUtf8(bytes, 2);
    }

    private static void checkUtf8(byte[] bytes, int offset) throws ProtocolViolation {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, bytes.length - offset));
        } catch (CharacterCodingException e) {
            throw new ProtocolViolation(1007, "text is not UTF-8");
        }
    }
}
