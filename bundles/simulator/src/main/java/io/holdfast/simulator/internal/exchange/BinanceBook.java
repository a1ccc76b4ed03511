// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import java.util.List;
import java.util.Locale;

/**
 * An order book of which each change follows from its number, so that the book at a number is what all changes up to it make.
 * Pure.
 */
final class BinanceBook {
    static final long FIRST_ID = 50_093_239_189L;

    private static final int IDS_PER_CHANGE = 3;

    /** Prices of each side; a change sets one of them. */
    private static final int PRICES = 20;

    /** One of so many changes takes its price away. */
    private static final int REMOVES = 7;

    private static final List<String> SPEEDS = List.of("@depth", "@depth@100ms", "@depth@250ms", "@depth@500ms");

    private BinanceBook() {}

    /** The streams that tell of the same book, however often; they have the same numbers. */
    static List<String> streams(String stream) {
        int at = stream.indexOf('@');
        return at < 0 || !SPEEDS.contains(stream.substring(at))
                ? List.of()
                : SPEEDS.stream().map(speed -> stream.substring(0, at) + speed).toList();
    }

    private static long id(long number) {
        return FIRST_ID + number * IDS_PER_CHANGE;
    }

    /** Members of a depth update. */
    static String change(long number, boolean futures) {
        return ",\"U\":" + (id(number - 1) + 1) + ",\"u\":" + id(number)
                + (futures ? ",\"pu\":" + id(number - 1) : "") + ",\"b\":[" + level(number, true, quantity(number))
                + "],\"a\":[" + level(number, false, quantity(number + 1)) + "]";
    }

    /** As of a number; before the first change there is nothing in it. */
    static String snapshot(long number) {
        StringBuilder bids = new StringBuilder();
        StringBuilder asks = new StringBuilder();
        for (long n = number; n > number - PRICES && n > 0; n--) {
            add(bids, level(n, true, quantity(n)), quantity(n));
            add(asks, level(n, false, quantity(n + 1)), quantity(n + 1));
        }
        return "{\"lastUpdateId\":" + id(number) + ",\"bids\":[" + bids + "],\"asks\":[" + asks + "]}";
    }

    private static void add(StringBuilder side, String level, long quantity) {
        if (quantity != 0) {
            side.append(side.isEmpty() ? "" : ",").append(level);
        }
    }

    private static long quantity(long number) {
        return number % REMOVES == 0 ? 0 : 1 + number % 1000;
    }

    private static String level(long number, boolean bid, long quantity) {
        long cents = bid ? 6_183_763 - number % PRICES : 6_183_985 + number % PRICES;
        return String.format(
                Locale.ROOT,
                "[\"%d.%02d000000\",\"%d.%02d000000\"]",
                cents / 100,
                cents % 100,
                quantity / 100,
                quantity % 100);
    }
}
