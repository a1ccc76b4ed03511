// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

/** Text of children, as it may be logged: on one line and not too long. */
final class Shown {
    private static final int LONGEST = 256;

    private Shown() {}

    static String text(String foreign) {
        String line = foreign.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
