// SPDX-License-Identifier: Apache-2.0
package io.holdfast.health;

import io.holdfast.api.client.ClientHealth;
import org.apache.felix.hc.api.Result;

/** From our words to those of Felix Health Checks. Pure. */
final class Results {
    private static final int LONGEST = 512;

    private Results() {}

    static Result.Status status(ClientHealth.Status status) {
        return switch (status) {
            case OK -> Result.Status.OK;
            case WARN -> Result.Status.WARN;
            case TEMPORARILY_UNAVAILABLE -> Result.Status.TEMPORARILY_UNAVAILABLE;
            case CRITICAL -> Result.Status.CRITICAL;
        };
    }

    /** Results are printed on terminals and put into log files: what could forge a line or move a cursor is escaped, the rest cut. */
    static String text(String foreign) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < foreign.length() && out.length() < LONGEST) {
            int c = foreign.codePointAt(i);
            i += Character.charCount(c);
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> out.append(String.format("\\u%04x", c));
                default -> out.appendCodePoint(c);
            }
        }
        return i < foreign.length() ? out + "..." : out.toString();
    }
}
