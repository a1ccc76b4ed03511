// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.Acknowledgement;
import io.holdfast.api.exchange.ExchangeProfile.ChannelKey;
import io.holdfast.api.exchange.ExchangeProfile.Envelope;
import io.holdfast.api.exchange.FrameRule;
import io.holdfast.api.exchange.FrameRule.Kind;
import io.holdfast.api.exchange.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From settings to plain data. Pure. */
final class DeribitProfile {
    /** Above it: error -32600. */
    private static final int LONGEST_MESSAGE = 32 * 1024;

    private static final int HEAD = 128;

    private static final String CALLS = "calls";
    private static final String SUBSCRIBES = "subscribes";
    private static final String LISTS = "instrument lists";
    private static final String MATCHING = "matching engine";

    private static final long CALL_CREDITS = 500;
    private static final long SUBSCRIBE_CREDITS = 3_000;
    private static final long LIST_CREDITS = 10_000;

    private static final List<Limit> LIMITS = List.of(
            new Limit(CALLS, 50_000, 10_000),
            new Limit(SUBSCRIBES, 30_000, 10_000),
            new Limit(LISTS, 500_000, 10_000),
            // The least that any account has; more for those who trade much.
            new Limit(MATCHING, 20, 5));

    private static final List<String> MATCHED = List.of(
            "private/buy",
            "private/sell",
            "private/edit*",
            "private/cancel*",
            "private/close_position",
            "private/verify_block_trade",
            "private/execute_block_trade");
    private static final List<String> SUBSCRIBING = List.of("public/subscribe", "private/subscribe");

    private DeribitProfile() {}

    static ExchangeProfile of(DeribitSettings settings) {
        return new ExchangeProfile(
                DeribitExchange.NAME,
                new Envelope(
                        "{\"jsonrpc\":\"2.0\",\"id\":\"${id}\",\"method\":\"${method}\"${params}}",
                        ",\"params\":",
                        false),
                List.of(
                        new FrameRule("notification", List.of("\"method\":\"subscription\""), HEAD, Kind.DATA, false),
                        // Members may come in another order.
                        new FrameRule("data", List.of("\"channel\":\""), HEAD, Kind.DATA, false),
                        new FrameRule("answer", List.of("\"id\":\"" + Envelope.ID_PREFIX), HEAD, Kind.ANSWER, true),
                        new FrameRule("error", List.of("\"error\":"), HEAD, Kind.EVENT, false)),
                Optional.of(new ChannelKey("\"channel\":\"", 2 * HEAD)),
                Acknowledgement.LISTED,
                settings.channelsPerCall(),
                LONGEST_MESSAGE,
                LIMITS,
                costs(),
                settings.retry());
    }

    /** What has a limit of its own takes nothing from the others. */
    private static List<Cost> costs() {
        List<Cost> costs = new ArrayList<>();
        SUBSCRIBING.forEach(m -> own(costs, m, SUBSCRIBES, SUBSCRIBE_CREDITS));
        MATCHED.forEach(m -> own(costs, m, MATCHING, 1));
        own(costs, "public/get_instruments", LISTS, LIST_CREDITS);
        costs.add(new Cost("*", CALLS, CALL_CREDITS));
        return costs;
    }

    private static void own(List<Cost> costs, String method, String limit, long amount) {
        costs.add(new Cost(method, limit, amount));
        costs.add(new Cost(method, CALLS, 0));
    }
}
