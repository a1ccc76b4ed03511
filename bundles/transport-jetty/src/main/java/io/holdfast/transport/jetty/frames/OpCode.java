// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

/** The opcodes of RFC 6455, 11.8. */
public final class OpCode {
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    /** The longest payload of a control frame (RFC 6455, 5.5). */
    public static final int MAX_CONTROL_PAYLOAD = 125;

    private OpCode() {}

    static boolean isKnown(int opCode) {
        return opCode <= BINARY || opCode >= CLOSE && opCode <= PONG;
    }

    static boolean isControl(int opCode) {
        return opCode >= CLOSE;
    }
}
