// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.api.options.OptionSet;
import io.holdfast.exchange.binance.BinanceExchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The shipped plugin for an exchange whose connections have a step of set-up even where the address names channels. */
final class SteppingExchange implements ExchangeFactory {
    private final ExchangeFactory shipped = new BinanceExchange();

    @Override
    public String type() {
        return shipped.type();
    }

    @Override
    public OptionSet options() {
        return shipped.options();
    }

    @Override
    public ExchangeProtocol open(ExchangeContext context) {
        ExchangeProtocol p = shipped.open(context);
        return new ExchangeProtocol() {
            @Override
            public ExchangeProfile profile() {
                return p.profile();
            }

            @Override
            public ChannelSpec channel(String name) {
                return p.channel(name);
            }

            @Override
            public List<SessionStep> session(SessionContext session) {
                Call step = Call.of("LIST_SUBSCRIPTIONS", "").within(Duration.ofSeconds(2));
                return List.of(new SessionStep(SetupStep.LOG_IN, "step", step, false));
            }

            @Override
            public Call subscribe(List<String> channels, int phase) {
                return p.subscribe(channels, phase);
            }

            @Override
            public Call unsubscribe(List<String> channels, int phase) {
                return p.unsubscribe(channels, phase);
            }

            @Override
            public Optional<Call> list() {
                return p.list();
            }

            @Override
            public Inbound decode(String frame) {
                return p.decode(frame);
            }
        };
    }
}
