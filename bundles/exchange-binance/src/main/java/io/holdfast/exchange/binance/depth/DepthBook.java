// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The prices of one book. Not thread-safe, and changed by the next message: within the call that handed it out it may be
 * read, {@link #copy} keeps it. As deep as its snapshot was; what lies beyond is known only as far as it changed since.
 */
public final class DepthBook {
    private final String stream;
    private final String symbol;
    private final NavigableMap<BigDecimal, BigDecimal> bids = new TreeMap<>(Comparator.reverseOrder());
    private final NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
    private long position = -1;

    public DepthBook(String stream, String symbol) {
        this.stream = stream;
        this.symbol = symbol;
    }

    /** Takes the place of all that was. */
    public void apply(DepthSnapshot snapshot) {
        bids.clear();
        asks.clear();
        put(bids, snapshot.bids());
        put(asks, snapshot.asks());
        position = snapshot.lastUpdateId();
    }

    /** Brings it forward; whether it is the next one decides {@link DepthJoin}. */
    public void apply(DepthUpdate update) {
        put(bids, update.bids());
        put(asks, update.asks());
        position = update.last();
    }

    private static void put(NavigableMap<BigDecimal, BigDecimal> side, List<DepthLevel> levels) {
        for (DepthLevel level : levels) {
            if (level.quantity().signum() == 0) {
                side.remove(level.price());
            } else {
                side.put(level.price(), level.quantity());
            }
        }
    }

    public DepthBook copy() {
        DepthBook copy = new DepthBook(stream, symbol);
        copy.bids.putAll(bids);
        copy.asks.putAll(asks);
        copy.position = position;
        return copy;
    }

    public String stream() {
        return stream;
    }

    /** In capital letters. */
    public String symbol() {
        return symbol;
    }

    /** Number of the last change in it; negative before the first snapshot. */
    public long position() {
        return position;
    }

    /** Quantity by price, highest price first; a view. */
    public NavigableMap<BigDecimal, BigDecimal> bids() {
        return Collections.unmodifiableNavigableMap(bids);
    }

    /** Quantity by price, lowest price first; a view. */
    public NavigableMap<BigDecimal, BigDecimal> asks() {
        return Collections.unmodifiableNavigableMap(asks);
    }

    @Override
    public String toString() {
        return "DepthBook[" + stream + ", " + position + ", " + bids.size() + " bids, " + asks.size() + " asks]";
    }
}
