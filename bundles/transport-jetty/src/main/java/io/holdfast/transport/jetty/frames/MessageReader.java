// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes messages and control frames of a server's bytes, split anywhere: puts fragments together, checks their order, their
 * UTF-8 as it comes, and their size as soon as it is announced. A whole uncompressed message is shown where it lies, without a copy.
 *
 * <p>Not thread-safe. After a {@link Violation} or a closing frame it must not be used any more, but for {@link #close()}.
 */
public final class MessageReader implements AutoCloseable {
    /** What was read. */
    public enum Event {
        /** Nothing more in these bytes. */
        NOTHING,
        MESSAGE,
        PING,
        PONG,
        CLOSE
    }

    private final FrameParser frames;
    private final int max;
    private final Assembly assembly;

    /** Null unless compression was negotiated. */
    private final Inflation inflation;

    private boolean compressed;
    private int utf8 = Utf8.COMPLETE;

    /** The payload of a control frame that came in pieces; made when first needed. */
    private byte[] control;

    private int controlLength;

    private boolean text;
    private ByteBuffer payload;
    private int closeCode;
    private String closeReason = "";

    /**
     * @param max the largest message in bytes, after inflating
     * @param compression what was negotiated; null: none
     */
    public MessageReader(int max, Compression compression) {
        this.max = max;
        frames = new FrameParser(compression != null);
        assembly = new Assembly(max);
        inflation = compression == null ? null : new Inflation(compression, assembly);
    }

    /**
     * Reads up to the end of the next message or control frame.
     *
     * @param in backed by an array; what was read is consumed
     * @param view a duplicate of {@code in}, which is set to the payload where it lies whole in there
     */
    public Event read(ByteBuffer in, ByteBuffer view) throws Violation {
        while (frames.next(in)) {
            int opCode = frames.opCode();
            if (OpCode.isControl(opCode)) {
                if (control(in, view)) {
                    return event(opCode);
                }
            } else if (isWhole(opCode)) {
                whole(opCode == OpCode.TEXT, in, view);
                return Event.MESSAGE;
            } else if (piece(opCode, in)) {
                return Event.MESSAGE;
            }
        }
        // A message that was put together can be megabytes, and the next may be long in coming.
        payload = null;
        return Event.NOTHING;
    }

    /** Whether the message is a text. */
    public boolean text() {
        return text;
    }

    /** The payload of the message, ping or pong, from position to limit; valid until the next read. */
    public ByteBuffer payload() {
        return payload;
    }

    /** The code of the closing frame, {@link CloseCode#NONE} if it has none. */
    public int closeCode() {
        return closeCode;
    }

    /** The reason in the closing frame: foreign text. */
    public String closeReason() {
        return closeReason;
    }

    /** Gives memory outside the heap back. Nothing may be read any more. */
    @Override
    public void close() {
        if (inflation != null) {
            inflation.close();
        }
    }

    /** Whether the piece is a whole message that needs neither a copy nor inflating. */
    private boolean isWhole(int opCode) {
        return opCode != OpCode.CONTINUATION
                && frames.beginsFrame()
                && frames.endsFrame()
                && frames.fin()
                && !frames.rsv1()
                && !assembly.isOpen();
    }

    private void whole(boolean isText, ByteBuffer in, ByteBuffer view) throws Violation {
        if (frames.size() > max) {
            throw tooLarge();
        }
        show(in, view);
        text = isText;
        if (isText) {
            int from = in.arrayOffset() + frames.from();
            if (!Utf8.isValid(in.array(), from, from + frames.size())) {
                throw notUtf8();
            }
        }
    }

    private void show(ByteBuffer in, ByteBuffer view) {
        int from = frames.from();
        view.limit(from + frames.size()).position(from);
        if (payload != view) {
            payload = view;
        }
    }

    /** Whether a message is complete. */
    private boolean piece(int opCode, ByteBuffer in) throws Violation {
        if (frames.beginsFrame()) {
            beginFrame(opCode);
        }
        int before = assembly.length();
        int from = in.arrayOffset() + frames.from();
        boolean last = frames.endsFrame() && frames.fin();
        if (compressed) {
            inflation.inflate(in.array(), from, frames.size(), last);
        } else {
            assembly.makeRoom(frames.size());
            System.arraycopy(in.array(), from, assembly.array(), before, frames.size());
            assembly.grow(frames.size());
        }
        if (assembly.isText()) {
            utf8 = Utf8.check(assembly.array(), before, assembly.length(), utf8);
            if (utf8 == Utf8.INVALID || last && utf8 != Utf8.COMPLETE) {
                throw notUtf8();
            }
        }
        if (last) {
            text = assembly.isText();
            payload = assembly.end();
        }
        return last;
    }

    private void beginFrame(int opCode) throws Violation {
        if (opCode == OpCode.CONTINUATION) {
            if (!assembly.isOpen()) {
                throw Violation.protocol("a continuation of nothing");
            }
        } else {
            if (assembly.isOpen()) {
                throw Violation.protocol("a message begins within another");
            }
            assembly.begin(opCode == OpCode.TEXT);
            utf8 = Utf8.COMPLETE;
            compressed = frames.rsv1();
        }
        if (!compressed && frames.length() > assembly.left()) {
            throw tooLarge();
        }
    }

    /** Whether the control frame is complete. */
    private boolean control(ByteBuffer in, ByteBuffer view) throws Violation {
        if (frames.beginsFrame() && frames.endsFrame()) {
            show(in, view);
        } else {
            if (frames.beginsFrame()) {
                control = control == null ? new byte[OpCode.MAX_CONTROL_PAYLOAD] : control;
                controlLength = 0;
            }
            in.get(frames.from(), control, controlLength, frames.size());
            controlLength += frames.size();
            if (!frames.endsFrame()) {
                return false;
            }
            payload = ByteBuffer.wrap(control, 0, controlLength);
        }
        if (frames.opCode() == OpCode.CLOSE) {
            closed();
        }
        return true;
    }

    private void closed() throws Violation {
        int length = payload.remaining();
        if (length == 0) {
            closeCode = CloseCode.NONE;
            return;
        }
        if (length == 1) {
            throw Violation.protocol("a closing frame has one byte");
        }
        int code = payload.getShort(payload.position()) & 0xffff;
        if (!CloseCode.isTransmittable(code)) {
            throw Violation.protocol("a closing frame has the code " + code);
        }
        payload.position(payload.position() + 2);
        if (!Utf8.isValid(payload)) {
            throw new Violation(CloseCode.BAD_PAYLOAD, "the reason in a closing frame is not UTF-8");
        }
        closeCode = code;
        closeReason = StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    private static Event event(int opCode) {
        return switch (opCode) {
            case OpCode.PING -> Event.PING;
            case OpCode.PONG -> Event.PONG;
            default -> Event.CLOSE;
        };
    }

    private Violation tooLarge() {
        return new Violation(CloseCode.TOO_LARGE, "a message is larger than " + max + " bytes");
    }

    private static Violation notUtf8() {
        return new Violation(CloseCode.BAD_PAYLOAD, "a text message is not UTF-8");
    }
}
