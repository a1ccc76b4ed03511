// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.internal.data.Feed;
import io.holdfast.simulator.internal.net.Frames;
import java.util.Locale;

/** The texts Deribit sends, key by key in the order recorded. Pure but for the wall clock in the data. */
final class DeribitFrames {

    static final String HEARTBEAT =
            "{\"params\":{\"type\":\"heartbeat\"},\"method\":\"heartbeat\",\"jsonrpc\":\"2.0\"}";
    static final String TEST_REQUEST =
            "{\"params\":{\"type\":\"test_request\"},\"method\":\"heartbeat\",\"jsonrpc\":\"2.0\"}";

    static final String INSTRUMENTS =
            "[{\"instrument_name\":\"BTC-PERPETUAL\",\"kind\":\"future\",\"base_currency\":\"BTC\","
                    + "\"quote_currency\":\"USD\",\"settlement_currency\":\"BTC\",\"settlement_period\":\"perpetual\","
                    + "\"instrument_type\":\"reversed\",\"is_active\":true,\"tick_size\":0.5,\"contract_size\":10.0,"
                    + "\"min_trade_amount\":10.0,\"taker_commission\":0.0005,\"maker_commission\":0.0,"
                    + "\"creation_timestamp\":1534242287000,\"expiration_timestamp\":32503708800000}]";

    private static final long FIRST_CHANGE_ID = 92_000_000_000L;
    private static final int CHANGE_STEP = 7; // ids are shared by many books, so they jump

    private DeribitFrames() {}

    /** @param id JSON text, or null for an answer without */
    static String result(String id, String result, long usIn, long usOut) {
        return "{\"jsonrpc\":\"2.0\"" + id(id) + ",\"result\":" + result + times(usIn, usOut);
    }

    /** @param data JSON text, or null for none */
    static String error(String id, int code, String message, String data, long usIn, long usOut) {
        return "{\"jsonrpc\":\"2.0\"" + id(id) + ",\"error\":{\"code\":" + code
                + (data == null ? "" : ",\"data\":" + data) + ",\"message\":" + Json.quote(message) + "}"
                + times(usIn, usOut);
    }

    private static String id(String id) {
        return id == null ? "" : ",\"id\":" + id;
    }

    private static String times(long usIn, long usOut) {
        return ",\"usIn\":" + usIn + ",\"usOut\":" + usOut + ",\"usDiff\":" + (usOut - usIn) + ",\"testnet\":true}";
    }

    static byte[] tooSlow(long us) {
        return Frames.text(error(null, -32000, "connection_too_slow", null, us, us));
    }

    static byte[] maintenance() {
        return Frames.text(notification("platform_state", "{\"maintenance\":true}"));
    }

    /** Whether there is such a channel; others are left out of an acknowledgement without a word. */
    static boolean knows(String channel) {
        String[] parts = channel.split("\\.", -1);
        for (String part : parts) {
            if (part.isEmpty()) {
                return false;
            }
        }
        return switch (parts[0]) {
            case "book", "trades", "ticker" -> parts.length >= 3;
            case "quote",
                    "perpetual",
                    "deribit_price_index",
                    "estimated_expiration_price",
                    "deribit_volatility_index" -> parts.length >= 2;
            case "chart" -> parts.length == 4 && parts[1].equals("trades");
            case "user" -> parts.length >= 2;
            case "platform_state", "announcements" -> true;
            default -> false;
        };
    }

    static boolean isPrivate(String channel) {
        return channel.startsWith("user.");
    }

    static boolean isRaw(String channel) {
        return channel.endsWith(".raw") && !isPrivate(channel);
    }

    static boolean isChangeBook(String channel) {
        return channel.startsWith("book.") && channel.split("\\.").length == 3;
    }

    /** A book's first message; it has no number of its own. */
    static String snapshot(String channel, long sequence) {
        return notification(
                channel,
                "{\"type\":\"snapshot\",\"timestamp\":" + System.currentTimeMillis()
                        + ",\"instrument_name\":" + Json.quote(instrument(channel)) + ",\"change_id\":"
                        + changeId(sequence)
                        + ",\"bids\":[[\"new\",30220.0,2300.0],[\"new\",30219.5,1.0002e6]]"
                        + ",\"asks\":[[\"new\",30220.5,4370.0],[\"new\",30221.0,2.2e3]]}");
    }

    static Feed.Renderer renderer(String channel) {
        return (sequence, nanos, variant) -> Frames.text(
                notification(channel, data(channel, sequence, ",\"seq\":" + sequence + ",\"ns\":" + nanos)));
    }

    private static String data(String channel, long sequence, String tail) {
        long now = System.currentTimeMillis();
        String instrument = Json.quote(instrument(channel));
        String price = price(sequence);
        String kind = channel.substring(0, channel.indexOf('.') < 0 ? channel.length() : channel.indexOf('.'));
        return switch (kind) {
            case "book" ->
                isChangeBook(channel)
                        ? "{\"type\":\"change\",\"timestamp\":" + now + ",\"prev_change_id\":" + changeId(sequence - 1)
                                + ",\"instrument_name\":" + instrument + ",\"change_id\":" + changeId(sequence)
                                + ",\"bids\":[[\"change\"," + price + ",1.0002e6]],\"asks\":[[\"delete\",30240.5,0.0]]"
                                + tail + "}"
                        : "{\"timestamp\":" + now + ",\"instrument_name\":" + instrument + ",\"change_id\":"
                                + changeId(sequence) + ",\"bids\":[[" + price + ",2.2e3]],\"asks\":[[30240.5,10.0]]"
                                + tail
                                + "}";
            case "ticker" ->
                "{\"timestamp\":" + now + ",\"stats\":{\"volume_usd\":23223070.0,\"volume\":754.95506101,"
                        + "\"price_change\":-5.5392,\"low\":29592.5,\"high\":32248.0},\"state\":\"open\","
                        + "\"settlement_price\":30225.47,\"open_interest\":230733270,\"min_price\":29766.5,"
                        + "\"max_price\":30673.5,\"mark_price\":" + price + ",\"last_price\":" + price
                        + ",\"instrument_name\":" + instrument + ",\"index_price\":29939.87,\"best_bid_price\":30220.0,"
                        + "\"best_bid_amount\":2300.0,\"best_ask_price\":30220.5,\"best_ask_amount\":4370.0" + tail
                        + "}";
            case "trades" ->
                "[{\"trade_seq\":" + sequence + ",\"trade_id\":\"" + (9_007_199_254_740_993L + sequence)
                        + "\",\"timestamp\":" + now + ",\"tick_direction\":2,\"price\":" + price
                        + ",\"mark_price\":30218.9,\"instrument_name\":" + instrument
                        + ",\"index_price\":29939.87,\"direction\":\"buy\",\"amount\":2.2e3" + tail + "}]";
            case "deribit_price_index" ->
                "{\"timestamp\":" + now + ",\"price\":" + price + ",\"index_name\":" + instrument + tail + "}";
            case "platform_state" -> "{\"price_index\":\"btc_usd\",\"locked\":false" + tail + "}";
            default ->
                "{\"timestamp\":" + now + ",\"instrument_name\":" + instrument + ",\"price\":" + price + tail + "}";
        };
    }

    private static String notification(String channel, String data) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":" + Json.quote(channel)
                + ",\"data\":" + data + "}}";
    }

    private static String instrument(String channel) {
        String[] parts = channel.split("\\.");
        return parts.length > 1 ? parts[1] : "";
    }

    private static String price(long sequence) {
        return String.format(Locale.ROOT, "%.1f", 30_218.5 + sequence % 40 * 0.5);
    }

    static long changeId(long sequence) {
        return FIRST_CHANGE_ID + sequence * CHANGE_STEP;
    }
}
