// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Replaces secret values in JSON texts and leaves everything else as it is, character by character. Reads no more JSON than it
 * needs, and takes broken JSON for what it looks like. Immutable.
 */
final class Masking {
    static final String MASK = "***";

    /** A member is secret when its name, letters only and in lower case, contains one of these. */
    private static final List<String> SECRET = List.of(
            "token",
            "secret",
            "signature",
            "password",
            "passphrase",
            "apikey",
            "listenkey",
            "privatekey",
            "authorization",
            "credential");

    /** These say how a log-in is made, not with what. */
    private static final Set<String> HARMLESS = Set.of("tokentype", "granttype", "jsonrpc", "id", "method", "op");

    private final Set<String> more;

    /** @param more further names, as they are written */
    Masking(Set<String> more) {
        this.more = more;
    }

    /** @param whole whether all values are to be masked but those that only name the request */
    String mask(String text, boolean whole) {
        if (whole
                && !text.stripLeading().startsWith("{")
                && !text.stripLeading().startsWith("[")) {
            return MASK;
        }
        return new Scan(text, whole).run();
    }

    private boolean secret(String name) {
        return more.contains(name) || SECRET.stream().anyMatch(plain(name)::contains) && !harmless(name);
    }

    private static boolean harmless(String name) {
        return HARMLESS.contains(plain(name));
    }

    private static String plain(String name) {
        StringBuilder letters = new StringBuilder(name.length());
        name.toLowerCase(Locale.ROOT).chars().filter(Character::isLetter).forEach(c -> letters.append((char) c));
        return letters.toString();
    }

    /** One pass over one text. */
    private final class Scan {
        private final String text;
        private final boolean whole;

        /** Null until something is masked: mostly nothing is. */
        private StringBuilder out;

        /** What of the text is in {@link #out} already. */
        private int copied;

        private int at;
        private int depth;

        /** Everything deeper than this is masked; the container is a secret member's value. */
        private int secretFrom = Integer.MAX_VALUE;

        private boolean maskNext;

        private Scan(String text, boolean whole) {
            this.text = text;
            this.whole = whole;
            maskNext = whole;
        }

        private String run() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '"') {
                    string();
                } else if (c == '{' || c == '[') {
                    depth++;
                    if (maskNext && !whole && secretFrom == Integer.MAX_VALUE) {
                        secretFrom = depth;
                    }
                    at++;
                } else if (c == '}' || c == ']') {
                    if (depth == secretFrom) {
                        secretFrom = Integer.MAX_VALUE;
                        maskNext = false;
                    }
                    depth--;
                    at++;
                } else if (c == ',' || c == ':' || c <= ' ') {
                    at++;
                } else {
                    literal();
                }
            }
            return out == null ? text : out.append(text, copied, text.length()).toString();
        }

        private void string() {
            int start = at;
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            at = Math.min(text.length(), at + 1);
            int next = at;
            while (next < text.length() && text.charAt(next) <= ' ') {
                next++;
            }
            if (next < text.length() && text.charAt(next) == ':') {
                member(text.substring(start + 1, at - 1));
            } else {
                value(start);
            }
        }

        private void member(String name) {
            if (secretFrom == Integer.MAX_VALUE) {
                maskNext = whole ? !harmless(name) : secret(name);
            }
        }

        private void literal() {
            int start = at;
            while (at < text.length() && ",:}]\"".indexOf(text.charAt(at)) < 0 && text.charAt(at) > ' ') {
                at++;
            }
            value(start);
        }

        private void value(int start) {
            if (maskNext || depth >= secretFrom) {
                if (out == null) {
                    out = new StringBuilder(text.length());
                }
                out.append(text, copied, start).append('"').append(MASK).append('"');
                copied = at;
            }
            if (!whole && secretFrom == Integer.MAX_VALUE) {
                maskNext = false;
            }
        }
    }
}
