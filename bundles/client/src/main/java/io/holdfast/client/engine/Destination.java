// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Where a plugin may lead a client. */
final class Destination {
    private Destination() {}

    /**
     * @param together whether two hosts share a configured endpoint group, or are the same
     * @return what is wrong with the address, without what may be secret in it; empty if nothing
     */
    static Optional<String> refusal(ClientOptions options, URI to, BiPredicate<String, String> together) {
        String scheme = to.getScheme() == null ? "" : to.getScheme().toLowerCase(Locale.ROOT);
        URI from = options.uri();
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            return Optional.of("the address does not begin with ws:// or wss://");
        }
        String host = to.getHost();
        if (host == null || host.isEmpty()) {
            return Optional.of("the address names no host");
        }
        if (to.getRawUserInfo() != null) {
            return Optional.of("the address holds user information");
        }
        if (to.getRawFragment() != null) {
            return Optional.of("the address has a fragment (RFC 6455, 3)");
        }
        if (scheme.equals("ws") && !from.getScheme().equalsIgnoreCase("ws")) {
            return Optional.of("the address is plain ws, the configured one is wss");
        }
        if (!together.test(from.getHost(), host)) {
            return Optional.of("the address leads to '" + Text.shown(host)
                    + "', which is neither the configured host nor in its endpoint group");
        }
        boolean same = host.equalsIgnoreCase(from.getHost());
        return scheme.equals("ws") && !same && !options.insecure()
                ? Optional.of("plain ws to '" + Text.shown(host) + "' needs insecure=true")
                : Optional.empty();
    }
}
