// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.util.HexFormat;

/** Foreign throwables and stacks as plain text, so that nothing of theirs is kept. */
final class FaultText {
    private static final int MESSAGE = 256;
    private static final int FRAMES = 8;

    private FaultText() {}

    static String of(Throwable thrown) {
        String message;
        StackTraceElement[] frames;
        try {
            message = thrown.getMessage();
            frames = thrown.getStackTrace();
        } catch (Exception | LinkageError | StackOverflowError e) {
            // Both methods may be overridden by whoever threw it.
            message = "its own description threw " + e.getClass().getName();
            frames = new StackTraceElement[0];
        }
        String text = thrown.getClass().getName() + (message == null ? "" : ": " + escape(message));
        return frames == null ? text : text + frames(frames);
    }

    static String frames(StackTraceElement[] frames) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            text.append("\n  at ").append(escape(String.valueOf(frames[i])));
        }
        return text.toString();
    }

    private static String escape(String text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MESSAGE); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || c == '\u2028'
                    || c == '\u2029') {
                safe.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                safe.append(c);
            }
        }
        return text.length() > MESSAGE ? safe.append("...").toString() : safe.toString();
    }
}
