// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.heartbeat.FramePattern;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The byte patterns of a profile, ready to be compared on the connection's thread. Most messages are dismissed by their
 * length alone. Immutable.
 */
final class FrameMatcher {
    private final List<FramePattern> patterns;
    private final byte[][][] literals;
    private final int maxLength;

    FrameMatcher(List<FramePattern> patterns) {
        this.patterns = List.copyOf(patterns);
        this.literals = new byte[patterns.size()][][];
        int longest = 0;
        for (int i = 0; i < patterns.size(); i++) {
            literals[i] = bytes(patterns.get(i).contains());
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
            if (length <= patterns.get(i).maxLength() && containsAll(payload, length, literals[i])) {
                return patterns.get(i);
            }
        }
        return null;
    }

    static byte[][] bytes(List<String> texts) {
        List<byte[]> all = new ArrayList<>();
        texts.forEach(t -> all.add(t.getBytes(StandardCharsets.UTF_8)));
        return all.toArray(new byte[0][]);
    }

    /** Whether all literals stand in the first {@code head} bytes. */
    static boolean containsAll(ByteBuffer payload, int head, byte[][] literals) {
        int end = Math.min(payload.remaining(), head) + payload.position();
        for (byte[] literal : literals) {
            if (!contains(payload, end, literal)) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(ByteBuffer payload, int end, byte[] literal) {
        int last = end - literal.length;
        byte first = literal[0];
        for (int i = payload.position(); i <= last; i++) {
            if (payload.get(i) == first && matchesAt(payload, i, literal)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesAt(ByteBuffer payload, int at, byte[] literal) {
        for (int j = 1; j < literal.length; j++) {
            if (payload.get(at + j) != literal[j]) {
                return false;
            }
        }
        return true;
    }
}
