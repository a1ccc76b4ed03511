// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.options.OptionSet;
import org.osgi.service.component.annotations.Component;

/** The exchange plugin for Deribit: JSON-RPC 2.0, log-in, subscriptions, book numbering. Stateless. */
@Component(property = ExchangeFactory.TYPE + "=" + DeribitExchange.NAME)
public final class DeribitExchange implements ExchangeFactory {
    static final String NAME = "deribit";

    @Override
    public String type() {
        return NAME;
    }

    @Override
    public OptionSet options() {
        return DeribitSettings.OPTIONS;
    }

    @Override
    public ExchangeProtocol open(ExchangeContext context) {
        return new DeribitProtocol(DeribitSettings.of(context.options()));
    }
}
