// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Text of servers and foreign code made fit to be logged or shown: control characters escaped, cut at a length. */
public final class Text {
    private static final int MAX = 256;

    private Text() {}

    static String shown(String raw) {
        StringBuilder out = new StringBuilder(Math.min(raw.length(), MAX) + 16);
        for (int i = 0; i < raw.length() && out.length() < MAX; i++) {
            char c = raw.charAt(i);
            if (c >= ' ' && c < 127) {
                out.append(c);
            } else if (c < ' '
                    || (c >= 127 && c < 160)
                    || Character.isSurrogate(c)
                    || Character.getType(c) == Character.FORMAT
                    || c == '\u2028'
                    || c == '\u2029') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return raw.length() > MAX ? out + "..." : out.toString();
    }

    static String shown(ByteBuffer utf8) {
        ByteBuffer head = utf8.duplicate();
        head.limit(Math.min(head.limit(), head.position() + 4 * MAX));
        return shown(StandardCharsets.UTF_8.decode(head).toString());
    }

    /** A foreign throwable as plain data; keeping the object would pin its class loader. */
    public static String of(Throwable t) {
        StringBuilder out = new StringBuilder(t.getClass().getName());
        try {
            out.append(": ").append(shown(String.valueOf(t.getMessage())));
            StackTraceElement[] frames = t.getStackTrace();
            for (int i = 0; i < Math.min(5, frames.length); i++) {
                out.append(" < ").append(frames[i]);
            }
        } catch (Exception | LinkageError | StackOverflowError e) {
            // Its maker may have overridden both.
            out.append(": (its own description failed)");
        }
        return out.toString();
    }
}
