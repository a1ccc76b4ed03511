// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.ShutdownShape;
import io.holdfast.simulator.internal.data.Feed;
import io.holdfast.simulator.internal.fault.FaultRules.Rule;
import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Frames;
import java.util.Locale;
import java.util.regex.Pattern;

/** The texts Binance sends on streams. Pure but for the wall clock in the data. */
final class BinanceFrames {

    /** Variants of a stream's frames; to be added. */
    static final int COMBINED = 1;

    static final int FUTURES = 2;

    private static final Pattern STREAM =
            Pattern.compile("[^@!\\s]+@(aggTrade|trade|blockTrade|bookTicker|ticker|miniTicker"
                    + "|avgPrice|referencePrice|markPrice|forceOrder|kline_\\w+|ticker_\\w+|depth\\d*)(@\\w+)*"
                    + "|!(miniTicker|ticker_\\w+|bookTicker|markPrice|forceOrder)(@arr)?(@\\w+)*");
    private static final Pattern FUTURES_PUBLIC = Pattern.compile(".*@(bookTicker|depth).*|!bookTicker");

    private BinanceFrames() {}

    /** Whether data comes on it; any name is acknowledged. */
    static boolean knows(String stream) {
        return STREAM.matcher(stream).matches();
    }

    /** Whether a futures stream belongs to the {@code /public} path; the others belong to {@code /market}. */
    static boolean isFuturesPublic(String stream) {
        return FUTURES_PUBLIC.matcher(stream).matches();
    }

    static Feed.Renderer renderer(String stream) {
        return (sequence, nanos, variant) -> {
            String event = event(
                    stream, sequence, (variant & FUTURES) != 0, ",\"seq\":" + sequence + ",\"ns\":" + nanos + "}");
            return Frames.text((variant & COMBINED) != 0 ? combined(stream, event) : event);
        };
    }

    /** Events of user data; the variant is the number of the subscription. */
    static Feed.Renderer userData() {
        return (sequence, nanos, variant) -> Frames.text("{\"subscriptionId\":" + variant
                + ",\"event\":{\"e\":\"executionReport\",\"E\":" + System.currentTimeMillis()
                + ",\"s\":\"BTCUSDT\",\"i\":" + (9_007_199_254_740_993L + sequence)
                + ",\"x\":\"NEW\",\"X\":\"NEW\",\"p\":\"61837.63000000\",\"q\":\"0.00012000\",\"seq\":" + sequence
                + ",\"ns\":" + nanos + "}}");
    }

    /** The order book as REST and the WebSocket API give it, of the number its depth stream has come to. */
    static String snapshot(Scene scene, Connection connection, String symbol) {
        String stream = symbol.toLowerCase(Locale.ROOT) + "@depth";
        Feed feed = scene.feeds().feed(stream, renderer(stream), BinanceBook.streams(stream));
        long behind = scene.faults()
                .find(Toggle.OLD_SNAPSHOTS, connection, "")
                .map(Rule::code)
                .orElse(0);
        return BinanceBook.snapshot((feed == null ? 0 : feed.last()) - behind);
    }

    static String combined(String stream, String event) {
        return "{\"stream\":" + Json.quote(stream) + ",\"data\":" + event + "}";
    }

    static String shutdown(ShutdownShape shape) {
        String event = "{\"e\":\"serverShutdown\",\"E\":" + System.currentTimeMillis() + "}";
        return switch (shape) {
            case BARE -> event;
            case COMBINED -> combined("!serverShutdown", event);
            case API -> "{\"event\":" + event + "}";
        };
    }

    private static String event(String stream, long sequence, boolean futures, String tail) {
        long now = System.currentTimeMillis();
        int at = stream.indexOf('@');
        String symbol = Json.quote(stream.substring(0, Math.max(0, at)).toUpperCase(Locale.ROOT));
        String kind = stream.substring(at + 1);
        String price = String.format(Locale.ROOT, "\"%.2f000000\"", 61_837.63 + sequence % 50 / 100.0);
        String head = ",\"E\":" + now + ",\"s\":" + symbol;
        if (kind.startsWith("depth")) {
            return "{\"e\":\"depthUpdate\"" + head + BinanceBook.change(sequence, futures) + tail;
        }
        if (kind.startsWith("bookTicker")) {
            return "{\"u\":" + (BinanceBook.FIRST_ID + sequence) + ",\"s\":" + symbol + ",\"b\":" + price
                    + ",\"B\":\"3.78826000\",\"a\":\"61838.20000000\",\"A\":\"1.54698000\"" + tail;
        }
        if (kind.equals("aggTrade") || kind.equals("trade")) {
            return "{\"e\":\"" + kind + "\"" + head + ",\"" + (kind.equals("trade") ? "t" : "a") + "\":"
                    + (3_000_000_000L + sequence) + ",\"p\":" + price + ",\"q\":\"0.00012000\",\"T\":" + now
                    + ",\"m\":true,\"M\":true" + tail;
        }
        if (kind.startsWith("miniTicker")) {
            return "{\"e\":\"24hrMiniTicker\"" + head + ",\"c\":" + price + ",\"o\":" + price + ",\"h\":" + price
                    + ",\"l\":" + price + ",\"v\":\"754.95506000\",\"q\":\"46683000.00000000\"" + tail;
        }
        String name =
                kind.startsWith("kline") ? "kline" : kind.startsWith("markPrice") ? "markPriceUpdate" : "24hrTicker";
        return "{\"e\":\"" + name + "\"" + head + ",\"c\":" + price + tail;
    }
}
