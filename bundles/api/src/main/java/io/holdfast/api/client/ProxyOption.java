// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import io.holdfast.api.options.InvalidOptionException;
import java.net.URI;

/** What the option {@code proxy} may say. */
final class ProxyOption {
    private static final String NAME = "proxy";

    private ProxyOption() {}

    static void check(URI proxy) {
        if (!"http".equalsIgnoreCase(proxy.getScheme())) {
            throw new InvalidOptionException(NAME, "must begin with http://");
        }
        if (proxy.getUserInfo() != null
                || (proxy.getRawAuthority() != null && proxy.getRawAuthority().contains("@"))) {
            throw new InvalidOptionException(
                    NAME, "must not hold user information; use credentials with the key 'proxy'");
        }
        if (proxy.getHost() == null || proxy.getPort() < 1 || proxy.getPort() > 65_535) {
            throw new InvalidOptionException(
                    NAME, "must name a host and a port, for instance http://proxy.example:3128");
        }
        boolean path = proxy.getRawPath() != null
                && !proxy.getRawPath().isEmpty()
                && !proxy.getRawPath().equals("/");
        if (path || proxy.getRawQuery() != null || proxy.getRawFragment() != null) {
            throw new InvalidOptionException(NAME, "must have neither path nor query");
        }
    }
}
