// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP request that opened a connection.
 *
 * @param path percent-decoded path without query, for example {@code /ws/api/v2}
 * @param query the raw text behind the question mark; empty when there is none
 * @param headers header values by lower-case name, in the order received
 * @param protocols sub-protocols the client offered, in its order
 * @param alpn application protocols the client offered in the TLS handshake; empty without TLS or without the extension
 */
public record UpgradeRequest(
        String path, String query, Map<String, List<String>> headers, List<String> protocols, List<String> alpn) {

    public UpgradeRequest {
        headers = Map.copyOf(headers);
        protocols = List.copyOf(protocols);
        alpn = List.copyOf(alpn);
    }

    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** Header values are left out: they may hold credentials. */
    @Override
    public String toString() {
        return "UpgradeRequest[path=" + path + ", headers=" + headers.keySet() + ", protocols=" + protocols + "]";
    }
}
