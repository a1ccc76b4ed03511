// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

/** The peer broke the protocol or one of our limits. Has no stack trace: it says what the peer did, not where we noticed. */
public final class Violation extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * @param code the close code to fail the connection with (RFC 6455, 7.4.1)
     * @param text for humans; holds nothing the peer sent
     */
    Violation(int code, String text) {
        super(text, null, false, false);
        this.code = code;
    }

    static Violation protocol(String text) {
        return new Violation(CloseCode.PROTOCOL, text);
    }

    public int code() {
        return code;
    }
}
