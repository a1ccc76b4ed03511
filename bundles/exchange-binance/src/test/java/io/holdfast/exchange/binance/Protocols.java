// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.transport.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Protocols as the engine makes them. */
final class Protocols {
    static final String SPOT = "wss://stream.binance.com:9443/stream";
    static final String USDM_PUBLIC = "wss://fstream.binance.com/public/stream";
    static final String USDM_MARKET = "wss://fstream.binance.com/market/stream";
    static final String USDM_PRIVATE = "wss://fstream.binance.com/private/stream";
    static final String COINM = "wss://dstream.binance.com/stream";
    static final String API = "wss://ws-api.binance.com:443/ws-api/v3";

    static final SessionContext.Signing NOBODY = (algorithm, data) -> {
        throw new IllegalArgumentException("nobody signs");
    };

    private Protocols() {}

    static ExchangeProtocol of(String uri, Map<String, ?> options) {
        BinanceExchange exchange = new BinanceExchange();
        return exchange.open(
                new ExchangeContext("c", URI.create(uri), exchange.options().parse(options)));
    }

    static SessionContext context(SessionContext.Signing signing, String... credentials) {
        Map<String, Secret> values = new HashMap<>();
        for (int i = 0; i < credentials.length; i += 2) {
            values.put(credentials[i], Secret.of(credentials[i + 1].toCharArray()));
        }
        return new SessionContext(1, values, signing, Instant.ofEpochMilli(1_700_000_000_000L), "nonce1");
    }
}
