// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import io.holdfast.api.options.InvalidOptionException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the option {@code subprotocols} may say (RFC 6455, 4.1: tokens, each once). */
final class SubProtocols {
    private static final String NAME = "subprotocols";
    private static final String HEADER = "sec-websocket-protocol";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private SubProtocols() {}

    static void check(List<String> names, Map<String, List<String>> headers) {
        if (names.stream().anyMatch(name -> !TOKEN.matcher(name).matches())) {
            throw new InvalidOptionException(
                    NAME, "each must be a token: letters, digits and punctuation without separators");
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw new InvalidOptionException(NAME, "has a name twice");
        }
        if (!names.isEmpty() && headers.keySet().stream().anyMatch(HEADER::equalsIgnoreCase)) {
            throw new InvalidOptionException(NAME, "is given by the header Sec-WebSocket-Protocol, too");
        }
    }
}
