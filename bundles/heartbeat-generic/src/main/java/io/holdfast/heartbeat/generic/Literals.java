// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import io.holdfast.api.options.InvalidOptionException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Several literals in one option. */
final class Literals {
    /** Only between spaces or at an end, so that a literal may hold ampersands of its own. */
    private static final Pattern SEPARATOR = Pattern.compile("(?:^|\\s)&&(?:\\s|$)");

    private static final int LONGEST = 256;

    private Literals() {}

    /** At least one literal, each as the contracts of patterns want it: ASCII, not empty. */
    static List<String> of(String option, String text) {
        List<String> literals =
                Arrays.stream(SEPARATOR.split(text, -1)).map(String::trim).toList();
        for (String literal : literals) {
            if (literal.isEmpty()) {
                throw new InvalidOptionException(option, "has an empty literal; they are separated by ' && '");
            }
            if (literal.length() > LONGEST) {
                throw new InvalidOptionException(option, "has a literal of more than " + LONGEST + " characters");
            }
            if (!literal.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                throw new InvalidOptionException(option, "must be printable ASCII");
            }
        }
        return literals;
    }
}
