// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import java.util.List;

/**
 * A book in one moment: the result of {@code depth}.
 *
 * @param lastUpdateId the last change that is in it
 */
public record DepthSnapshot(long lastUpdateId, List<DepthLevel> bids, List<DepthLevel> asks) {
    public DepthSnapshot {
        bids = List.copyOf(bids);
        asks = List.copyOf(asks);
    }

    /**
     * Reads the result of {@code depth}, of the WebSocket API as of REST.
     *
     * @throws IllegalArgumentException if it is none; without a word of it
     */
    public static DepthSnapshot parse(String result) {
        return DepthFrames.snapshot(result);
    }
}
