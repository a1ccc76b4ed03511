// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A book whose every change follows from its number, so that what it must be at a number can be told. Pure. */
final class BookScript {
    private static final int PRICES = 7;

    private BookScript() {}

    /** Changes from one number to another, each price as the last one leaves it. */
    static String update(String stream, long first, long last) {
        return "{\"e\":\"depthUpdate\",\"E\":1,\"s\":\""
                + stream.substring(0, stream.indexOf('@')).toUpperCase(Locale.ROOT) + "\",\"U\":" + first + ",\"u\":"
                + last
                + ",\"b\":" + levels(Math.max(first, last - PRICES + 1), last, true) + ",\"a\":[]}";
    }

    /** As of {@code lag} numbers ago, as servers are not all on the same one. */
    static String snapshot(BinanceModel model, String symbol) {
        String beginning = symbol.toLowerCase(Locale.ROOT) + "@depth";
        long last = model.updates.entrySet().stream()
                        .filter(e -> e.getKey().startsWith(beginning))
                        .mapToLong(Map.Entry::getValue)
                        .findFirst()
                        .orElseThrow()
                - model.environment.random().nextInt(12);
        return "{\"lastUpdateId\":" + last + ",\"bids\":" + levels(last - PRICES + 1, last, false) + ",\"asks\":[]}";
    }

    private static String levels(long first, long last, boolean zeros) {
        List<String> levels = new ArrayList<>();
        for (long n = first; n <= last; n++) {
            if (zeros || quantity(n) > 0) {
                levels.add("[\"" + price(n) + "\",\"" + quantity(n) + ".00\"]");
            }
        }
        return levels.toString();
    }

    /** Quantity by price, as it must be. */
    static Map<String, String> at(long number) {
        Map<String, String> book = new TreeMap<>();
        for (long n = number - PRICES + 1; n <= number; n++) {
            if (quantity(n) > 0) {
                book.put(price(n), quantity(n) + ".00");
            }
        }
        return book;
    }

    private static String price(long n) {
        return (1 + n % PRICES) + ".10";
    }

    private static long quantity(long n) {
        return n % 4 == 0 ? 0 : n;
    }
}
