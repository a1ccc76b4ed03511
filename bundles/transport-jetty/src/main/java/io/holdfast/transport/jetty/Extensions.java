// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.transport.jetty.frames.Compression;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The one extension we can: {@code permessage-deflate} (RFC 7692, 7.1), in which only the server compresses. */
final class Extensions {
    /** Without parameters: the server may keep its window or not, and of whatever size. */
    static final String OFFER = "permessage-deflate";

    private Extensions() {}

    /** What the answer settles of {@link #OFFER}; empty if the server declined. */
    static Optional<Compression> agreed(List<String> values) throws UpgradeAnswer.Malformed {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String answer = String.join(",", values);
        String[] parts = answer.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase(OFFER)) {
            throw unexpected(answer);
        }
        Set<String> names = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            String name = pair[0].strip().toLowerCase(Locale.ROOT);
            if (!names.add(name) || !isAllowed(name, pair.length == 2 ? pair[1].strip() : null)) {
                throw unexpected(answer);
            }
        }
        return Optional.of(new Compression(names.contains("server_no_context_takeover")));
    }

    private static boolean isAllowed(String name, String value) {
        return switch (name) {
            // The second is about what we compress, which is nothing.
            case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
            // Any window can be inflated with the largest.
            case "server_max_window_bits" -> value != null && value.matches("\"?([89]|1[0-5])\"?");
            default -> false;
        };
    }

    private static UpgradeAnswer.Malformed unexpected(String answer) {
        return new UpgradeAnswer.Malformed("the answer has an extension that was not asked for: " + Text.shown(answer));
    }
}
