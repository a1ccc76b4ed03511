// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import io.holdfast.api.options.InvalidOptionException;
import java.net.URI;
import java.util.Locale;

/**
 * What is behind an address.
 *
 * @param api whether it is the WebSocket API; market streams else
 * @param part which streams of USD-M are served there; {@link Part#ALL} elsewhere
 */
record Endpoint(boolean api, Market market, Part part) {
    /** Since April 2026 each path of USD-M has streams of its own, and says nothing of others. */
    enum Part {
        ALL(""),
        PUBLIC("/public"),
        MARKET("/market"),
        PRIVATE("/private");

        private final String path;

        Part(String path) {
            this.path = path;
        }

        String path() {
            return path;
        }
    }

    private static final String URI_OPTION = "uri";

    static Endpoint of(URI uri, BinanceSettings settings) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        boolean api = path.startsWith("/ws-api/") || path.startsWith("/ws-fapi/") || path.startsWith("/ws-dapi/");
        Part part = part(path);
        Market market = settings.market().orElseGet(() -> market(uri, path, part));
        if (api) {
            return new Endpoint(true, market, Part.ALL);
        }
        if (market == Market.USDM && part == Part.ALL) {
            throw new InvalidOptionException(
                    URI_OPTION,
                    "USD-M has its streams below /public (bookTicker, depth), /market (all others) and /private (user data)");
        }
        if (market != Market.USDM && part != Part.ALL) {
            throw new InvalidOptionException(URI_OPTION, "the path " + part.path() + " is for exchange.market=usdm");
        }
        if (!path.equals(part.path() + "/stream")) {
            throw new InvalidOptionException(
                    URI_OPTION,
                    "the path must be " + part.path()
                            + "/stream (below /ws an event does not say of which stream it is) or that of the WebSocket API, /ws-api/v3");
        }
        if (uri.getRawQuery() != null && ("&" + uri.getRawQuery()).contains("&streams=")) {
            throw new InvalidOptionException(
                    URI_OPTION,
                    "streams are named by exchange.channels; exchange.subscribe=uri puts them into the address");
        }
        return new Endpoint(false, market, part);
    }

    private static Part part(String path) {
        for (Part p : Part.values()) {
            if (p != Part.ALL && path.startsWith(p.path() + "/")) {
                return p;
            }
        }
        return Part.ALL;
    }

    private static Market market(URI uri, String path, Part part) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        if (part != Part.ALL || path.startsWith("/ws-fapi/") || host.startsWith("fstream.")) {
            return Market.USDM;
        }
        return path.startsWith("/ws-dapi/") || host.startsWith("dstream.") ? Market.COINM : Market.SPOT;
    }
}
