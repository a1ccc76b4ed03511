// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.options.OptionSet;
import org.osgi.service.component.annotations.Component;

/** The exchange plugin for Binance: market streams, and the WebSocket API with log-in and user data. Stateless. */
@Component(property = ExchangeFactory.TYPE + "=" + BinanceExchange.NAME)
public final class BinanceExchange implements ExchangeFactory {
    static final String NAME = "binance";

    @Override
    public String type() {
        return NAME;
    }

    @Override
    public OptionSet options() {
        return BinanceSettings.OPTIONS;
    }

    @Override
    public ExchangeProtocol open(ExchangeContext context) {
        BinanceSettings settings = BinanceSettings.of(context.options());
        Endpoint endpoint = Endpoint.of(context.uri(), settings);
        return endpoint.api() ? new ApiProtocol(endpoint, settings) : new StreamsProtocol(endpoint, settings);
    }
}
