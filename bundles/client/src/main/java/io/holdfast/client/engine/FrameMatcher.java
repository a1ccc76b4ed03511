// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.heartbeat.FramePattern;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The byte patterns of a profile, ready to be compared on the connection's thread. Most messages are dismissed by their
 * length alone. Immutable.
 */
final class FrameMatcher {
    private final List<FramePattern> patterns;
    private final Literal[][] literals;
    private final int maxLength;

    /** What stands in every message that matches any pattern: one search dismisses nearly all short messages. */
    private final Literal[] inAll;

    FrameMatcher(List<FramePattern> patterns) {
        this.patterns = List.copyOf(patterns);
        this.literals = new Literal[patterns.size()][];
        int longest = 0;
        for (int i = 0; i < patterns.size(); i++) {
            literals[i] = Literal.all(patterns.get(i).contains());
            longest = Math.max(longest, patterns.get(i).maxLength());
        }
        maxLength = longest;
        inAll = Literal.all(longestInAll(patterns));
    }

    /** The longest text that is part of a literal of each pattern, if there is one. */
    private static List<String> longestInAll(List<FramePattern> patterns) {
        String longest = "";
        for (String literal :
                patterns.isEmpty() ? List.<String>of() : patterns.get(0).contains()) {
            for (int from = 0; from < literal.length(); from++) {
                for (int to = from + longest.length() + 1; to <= literal.length(); to++) {
                    String part = literal.substring(from, to);
                    if (!patterns.stream().allMatch(p -> p.contains().stream().anyMatch(l -> l.contains(part)))) {
                        break;
                    }
                    longest = part;
                }
            }
        }
        return longest.isEmpty() || !isAscii(longest) ? List.of() : List.of(longest);
    }

    /** Of anything else a part may be no whole character. */
    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** The first pattern that matches, or null: this is asked for every message. */
    FramePattern match(ByteBuffer payload) {
        int length = payload.remaining();
        if (length > maxLength || !Literal.areIn(payload, length, inAll)) {
            return null;
        }
        for (int i = 0; i < literals.length; i++) {
            if (length <= patterns.get(i).maxLength() && Literal.areIn(payload, length, literals[i])) {
                return patterns.get(i);
            }
        }
        return null;
    }
}
