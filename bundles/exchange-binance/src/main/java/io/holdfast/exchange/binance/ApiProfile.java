// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.Acknowledgement;
import io.holdfast.api.exchange.ExchangeProfile.Envelope;
import io.holdfast.api.exchange.FrameRule;
import io.holdfast.api.exchange.FrameRule.Kind;
import io.holdfast.api.exchange.Limit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The WebSocket API as plain data. Pure. */
final class ApiProfile {
    private static final int LONGEST_MESSAGE = 64 * 1024;
    private static final int HEAD = 128;

    private static final String WEIGHT = "weight";
    private static final String ORDERS = "orders";

    /** The most that a call of the method can cost, whatever its parameters. */
    private static final Map<String, Integer> WEIGHTS = Collections.unmodifiableMap(new TreeMap<>(Map.ofEntries(
            Map.entry("ping", 1),
            Map.entry("time", 1),
            Map.entry("session.*", 2),
            Map.entry("userDataStream.*", 2),
            Map.entry("depth", 250),
            Map.entry("exchangeInfo", 20),
            Map.entry("executionRules", 40),
            Map.entry("trades.*", 25),
            Map.entry("blockTrades.*", 25),
            Map.entry("ticker*", 200),
            Map.entry("klines", 2),
            Map.entry("uiKlines", 2),
            Map.entry("order.place", 1),
            Map.entry("order.test", 20),
            Map.entry("sor.order.test", 20),
            Map.entry("order.cancel*", 1),
            Map.entry("orderList.place*", 1),
            Map.entry("openOrders.status", 80),
            Map.entry("account.status", 20),
            Map.entry("account.commission", 20),
            Map.entry("account.rateLimits.orders", 40),
            Map.entry("myTrades", 20),
            Map.entry("myPreventedMatches", 20),
            Map.entry("myAllocations", 20),
            Map.entry("myFilters", 40),
            Map.entry("all*", 20))));

    private static final int OTHERWISE = 10;

    /** How many orders a call counts for; the first that fits. */
    private static final List<Cost> ORDERING = List.of(
            new Cost("order.place", ORDERS, 1),
            new Cost("order.cancelReplace", ORDERS, 1),
            new Cost("order.amend.*", ORDERS, 1),
            new Cost("orderList.place", ORDERS, 1),
            new Cost("orderList.place.oto", ORDERS, 2),
            new Cost("orderList.place.oco", ORDERS, 2),
            new Cost("orderList.place.opo", ORDERS, 2),
            new Cost("orderList.place.*", ORDERS, 3),
            new Cost("sor.order.place", ORDERS, 1));

    private ApiProfile() {}

    static ExchangeProfile of(BinanceSettings settings) {
        return new ExchangeProfile(
                BinanceExchange.NAME,
                new Envelope("{\"id\":\"${id}\",\"method\":\"${method}\"${params}}", ",\"params\":", false),
                List.of(
                        new FrameRule("terminated", List.of("\"eventStreamTerminated\""), HEAD, Kind.EVENT, false),
                        new FrameRule("account", List.of("{\"subscriptionId\":"), 20, Kind.DATA, false),
                        new FrameRule("answer", List.of("\"id\":\"" + Envelope.ID_PREFIX), 24, Kind.ANSWER, true),
                        new FrameRule("unasked", List.of("\"id\":null"), 24, Kind.EVENT, false),
                        new FrameRule("notice", List.of("\"serverShutdown\""), HEAD, Kind.EVENT, false)),
                Optional.empty(),
                Acknowledgement.ALL,
                1,
                LONGEST_MESSAGE,
                List.of(
                        window(WEIGHT, settings.weightPerMinute(), 60),
                        window(ORDERS, settings.ordersPerTenSeconds(), 10)),
                costs(settings.ordersPerTenSeconds() / 2),
                settings.retry(),
                StreamsProfile.ROTATE_AFTER);
    }

    /** The server counts by the clock's minutes, we do not know where they begin: half at once and half over the time never exceed. */
    private static Limit window(String name, int most, int seconds) {
        return new Limit(name, most / 2, most / 2.0 / seconds);
    }

    /** @param most orders that are ever to be had at once: a call that counts for more takes all of them */
    private static List<Cost> costs(int most) {
        List<Cost> costs = new ArrayList<>();
        ORDERING.forEach(c -> costs.add(new Cost(c.method(), ORDERS, Math.min(most, c.amount()))));
        WEIGHTS.forEach((method, weight) -> costs.add(new Cost(method, WEIGHT, weight)));
        costs.add(new Cost("*", WEIGHT, OTHERWISE));
        return costs;
    }
}
