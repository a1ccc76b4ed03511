// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.OptionSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The option {@code headers}: lines of name and value. */
final class HeaderLines {
    private HeaderLines() {}

    static Map<String, List<String>> read(List<String> lines) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 1 || line.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw new InvalidOptionException("headers", "each must be 'Name: value' on one line");
            }
            String name = line.substring(0, colon).trim();
            if (OptionSet.looksLikeSecret(name) || name.equalsIgnoreCase("cookie")) {
                throw new InvalidOptionException("headers", "'" + name + "' holds a secret; give it by credentials");
            }
            headers.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
        return Map.copyOf(headers);
    }
}
