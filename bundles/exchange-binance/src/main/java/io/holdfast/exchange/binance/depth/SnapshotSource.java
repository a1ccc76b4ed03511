// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import com.google.gson.JsonObject;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.Exchange;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Where the snapshots of books come from. */
@FunctionalInterface
public interface SnapshotSource {
    /**
     * Asks for a book. Returns at once; the stage completes once, in any thread, and fails if there is no snapshot: one
     * that never completes takes a place from others for ever.
     *
     * @param symbol in capital letters
     */
    CompletionStage<DepthSnapshot> ask(String symbol);

    /**
     * By {@code depth} of a client on the WebSocket API: {@code /ws-api/v3} for spot, {@code /ws-fapi/v1} for USD-M. Calls wait
     * for Binance's limits there.
     *
     * @param levels of each side: at most 5000 on spot, 1000 on USD-M
     */
    static SnapshotSource of(Exchange api, int levels) {
        Objects.requireNonNull(api);
        if (levels < 1) {
            throw new IllegalArgumentException("levels must be positive");
        }
        return symbol -> {
            JsonObject params = new JsonObject();
            params.addProperty("symbol", symbol);
            params.addProperty("limit", levels);
            return api.call(Call.of("depth", params.toString())).thenApply(a -> DepthSnapshot.parse(a.result()));
        };
    }
}
