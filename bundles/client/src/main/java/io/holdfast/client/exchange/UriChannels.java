// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.ExchangeProfile.ChannelsInUri;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An address that names channels.
 *
 * @param names those that it names
 */
public record UriChannels(URI uri, List<String> names) {
    public UriChannels {
        names = List.copyOf(names);
    }

    /** Names as many as there is room for, in their order. */
    public static UriChannels of(URI base, ChannelsInUri rule, List<String> wanted) {
        StringBuilder text = new StringBuilder(base.toASCIIString());
        String before = (base.getRawQuery() == null ? "?" : "&") + rule.parameter() + "=";
        List<String> named = new ArrayList<>();
        for (String name : wanted) {
            String part = (named.isEmpty() ? before : rule.separator()) + encoded(name);
            if (text.length() + part.length() > rule.longest()) {
                break;
            }
            text.append(part);
            named.add(name);
        }
        return new UriChannels(named.isEmpty() ? base : URI.create(text.toString()), named);
    }

    /** What may stand in a query stays readable. */
    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%40", "@")
                .replace("%21", "!");
    }
}
