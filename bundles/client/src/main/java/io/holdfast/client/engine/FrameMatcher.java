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

    FrameMatcher(List<FramePattern> patterns) {
        this.patterns = List.copyOf(patterns);
        this.literals = new Literal[patterns.size()][];
        int longest = 0;
        for (int i = 0; i < patterns.size(); i++) {
            literals[i] = Literal.all(patterns.get(i).contains());
            longest = Math.max(longest, patterns.get(i).maxLength());
        }
        maxLength = longest;
    }

    /** The first pattern that matches, or null: this is asked for every message. */
    FramePattern match(ByteBuffer payload) {
        int length = payload.remaining();
        if (length > maxLength) {
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
