// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

/** Foreign text made fit to be shown: control characters escaped, cut at 256 characters. */
final class Text {
    static final int MAX = 256;

    private Text() {}

    static String shown(String foreign) {
        if (foreign == null) {
            return "";
        }
        if (foreign.length() <= MAX && isAscii(foreign)) {
            return foreign;
        }
        StringBuilder out = new StringBuilder(Math.min(foreign.length(), MAX) + 8);
        for (int i = 0; i < foreign.length(); i++) {
            char c = foreign.charAt(i);
            String piece = isPlain(c) ? String.valueOf(c) : String.format("\\u%04x", (int) c);
            if (out.length() + piece.length() > MAX) {
                return out.append("...").toString();
            }
            out.append(piece);
        }
        return out.toString();
    }

    /** Nearly all there is: nothing of it needs to be looked at twice. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        // Besides control characters, those that reorder a line of a terminal or end it.
        return !Character.isISOControl(c)
                && Character.getType(c) != Character.FORMAT
                && c != '\u2028'
                && c != '\u2029'
                && !Character.isSurrogate(c);
    }

    /** What a failure says, with the innermost cause where that adds something, as TLS failures bury theirs. */
    static String of(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < 16; depth++) {
            root = root.getCause();
        }
        String outer = describe(failure);
        String inner = describe(root);
        return shown(
                root == failure || outer.contains(inner) || root.getMessage() == null
                        ? outer
                        : outer + " (" + inner + ")");
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
