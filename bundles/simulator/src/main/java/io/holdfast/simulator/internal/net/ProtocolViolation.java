// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

/** The client broke RFC 6455; carries the close code that says so. */
final class ProtocolViolation extends Exception {

    private static final long serialVersionUID = 1L;
    private final int code;

    ProtocolViolation(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
