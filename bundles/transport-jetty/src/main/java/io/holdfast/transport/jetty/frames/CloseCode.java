// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

/** Close codes of RFC 6455, 7.4, and of the registry it began. */
public final class CloseCode {
    public static final int NORMAL = 1000;
    public static final int PROTOCOL = 1002;
    public static final int NONE = 1005;
    public static final int LOST = 1006;
    public static final int BAD_PAYLOAD = 1007;
    public static final int TOO_LARGE = 1009;
    public static final int SERVER_ERROR = 1011;

    private CloseCode() {}

    /** Whether a closing frame may have the code; 1004 to 1006 and 1015 are not for the wire. */
    public static boolean isTransmittable(int code) {
        return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006) || code >= 3000 && code <= 4999;
    }
}
