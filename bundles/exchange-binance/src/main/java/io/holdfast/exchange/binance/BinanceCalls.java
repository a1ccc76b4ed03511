// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.Exchange;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Methods of Binance's WebSocket API as calls with JSON in and out. Numbers of a result keep their digits: {@code
 * getAsBigDecimal()} is exact, also for ids above 2^53. Immutable and thread-safe.
 *
 * <pre>{@code
 * BinanceCalls binance = new BinanceCalls(client.exchange().orElseThrow());
 * binance.call("time", null).thenAccept(time -> ...);
 * }</pre>
 */
public final class BinanceCalls {
    private final Exchange exchange;
    private final Duration limit;
    private final Duration patience;

    /** With 30 s for each answer; calls wait for Binance's limits. */
    public BinanceCalls(Exchange exchange) {
        this(exchange, Call.LIMIT, Call.QUEUED);
    }

    /**
     * @param limit time for each answer
     * @param patience how long a call may wait for Binance's limits, see {@link Call}
     */
    public BinanceCalls(Exchange exchange, Duration limit, Duration patience) {
        this.exchange = Objects.requireNonNull(exchange);
        this.limit = limit;
        this.patience = patience;
    }

    /**
     * Calls a method.
     *
     * @param params named parameters; null for none
     * @return the result; fails with {@link io.holdfast.api.exchange.CallFailedException}
     */
    public CompletionStage<JsonElement> call(String method, JsonObject params) {
        Call call = new Call(method, params == null ? "" : params.toString(), limit, patience);
        return exchange.call(call).thenApply(answer -> Json.parse(answer.result()));
    }
}
