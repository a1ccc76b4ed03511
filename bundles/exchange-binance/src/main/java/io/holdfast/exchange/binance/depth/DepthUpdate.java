// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import java.util.List;
import java.util.Objects;

/**
 * Changes of a book: one message of a stream {@code SYMBOL@depth}.
 *
 * @param stream the stream's name
 * @param symbol in capital letters, as snapshots are asked for
 * @param first {@code U}, number of the first change in it
 * @param last {@code u}, number of the last
 * @param previous {@code pu}, the last number of the message before; {@link #NONE} on spot, which does not say
 */
public record DepthUpdate(
        String stream,
        String symbol,
        long first,
        long last,
        long previous,
        List<DepthLevel> bids,
        List<DepthLevel> asks) {
    /** Where the message before is not named. */
    public static final long NONE = -1;

    public DepthUpdate {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(symbol);
        if (first > last || previous >= last) {
            throw new IllegalArgumentException("a depth update's numbers do not ascend");
        }
        bids = List.copyOf(bids);
        asks = List.copyOf(asks);
    }

    /**
     * Reads a message of {@code /stream}.
     *
     * @throws IllegalArgumentException if it is no depth update; without a word of it
     */
    public static DepthUpdate parse(String frame) {
        return DepthFrames.update(frame);
    }

    /** The last number that it builds on. */
    public long follows() {
        return previous == NONE ? first - 1 : previous;
    }

    /** Whether nothing can be between the two. Spot may overlap; on futures each names the one before. */
    boolean joins(long position) {
        return previous == NONE ? follows() <= position : previous == position;
    }
}
