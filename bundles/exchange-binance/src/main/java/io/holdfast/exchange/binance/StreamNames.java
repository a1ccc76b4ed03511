// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import io.holdfast.exchange.binance.Endpoint.Part;
import java.util.List;
import java.util.regex.Pattern;

/** What a stream is by its name, and why there can be none. The server acknowledges any name, so this is said here. Pure. */
final class StreamNames {
    /** Symbols may have letters of any script. */
    private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}\"\\\\/,?&#%]{1,128}");

    private static final Pattern UPPER = Pattern.compile("[A-Z]");
    private static final Pattern CHANGES = Pattern.compile("[^@]+@depth(@\\d+ms)?");

    /** Of USD-M. */
    private static final List<String> PUBLIC = List.of("bookTicker", "depth", "rpiDepth");

    private static final List<String> MARKET = List.of(
            "aggTrade",
            "markPrice",
            "kline_",
            "continuousKline_",
            "miniTicker",
            "ticker",
            "forceOrder",
            "compositeIndex",
            "contractInfo",
            "assetIndex");

    private StreamNames() {}

    /** @throws IllegalArgumentException if the server would be silent about it; the text names stream and option */
    static void check(String name, Endpoint endpoint) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a Binance stream has no spaces, quotation marks or any of \\ / , ? & # %, and at most 128 characters");
        }
        int at = name.indexOf('@');
        if (at < 1 && !name.startsWith("!")) {
            throw new IllegalArgumentException("stream '" + name + "' in exchange.channels is not SYMBOL@KIND");
        }
        if (!name.startsWith("!") && UPPER.matcher(name.substring(0, at)).find()) {
            throw new IllegalArgumentException("stream '" + name
                    + "' in exchange.channels: symbols are in lower case, and the server is silent about others");
        }
        if (name.equals("!ticker@arr") && endpoint.market() == Market.SPOT) {
            throw new IllegalArgumentException(
                    "stream '!ticker@arr' in exchange.channels was retired in March 2026; there are !miniTicker@arr and !ticker_1h@arr");
        }
        path(name, endpoint.part());
    }

    private static void path(String name, Part part) {
        if (part == Part.PRIVATE) {
            throw new IllegalArgumentException(
                    "stream '" + name
                            + "' in exchange.channels: the path /private of uri has user data only, which come by its listen key");
        }
        Part right = begins(PUBLIC, name) ? Part.PUBLIC : begins(MARKET, name) ? Part.MARKET : part;
        if (part != Part.ALL && right != part) {
            throw new IllegalArgumentException("stream '" + name + "' in exchange.channels is served on " + right.path()
                    + ", and uri has " + part.path() + ", where it would be silent");
        }
    }

    private static boolean begins(List<String> kinds, String name) {
        String kind = name.startsWith("!") ? name.substring(1) : name.substring(name.indexOf('@') + 1);
        return kinds.stream().anyMatch(kind::startsWith);
    }

    /** Whether its messages are changes of a book, each joining the one before; partial books are whole windows. */
    static boolean tellsChanges(String name) {
        return CHANGES.matcher(name).matches();
    }
}
