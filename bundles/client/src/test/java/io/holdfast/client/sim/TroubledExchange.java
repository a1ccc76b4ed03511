// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.Preparation;
import io.holdfast.api.exchange.Renewal;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.transport.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One version of a shipped exchange plugin, in whose functions things may go wrong. */
record TroubledExchange(ExchangeFactory shipped, PluginTrouble trouble) implements ExchangeFactory {
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
        trouble.enter("open");
        return new Protocol(shipped.open(context), context.clientId(), trouble);
    }

    private record Protocol(ExchangeProtocol shipped, String client, PluginTrouble trouble)
            implements ExchangeProtocol {
        @Override
        public ExchangeProfile profile() {
            return shipped.profile();
        }

        @Override
        public Optional<Preparation> preparation() {
            return shipped.preparation().map(p -> (uri, attempt) -> {
                trouble.enter("prepare");
                return p.prepare(uri, attempt);
            });
        }

        @Override
        public ChannelSpec channel(String name) {
            trouble.enter("channel");
            return shipped.channel(name);
        }

        @Override
        public List<SessionStep> session(SessionContext context) {
            trouble.enter("session");
            return shipped.session(context);
        }

        @Override
        public Optional<Renewal> renewal(SessionStep step, Answer answer) {
            trouble.enter("renewal");
            return shipped.renewal(step, answer);
        }

        @Override
        public Call subscribe(List<String> channels, int phase) {
            trouble.enter("subscribe");
            return shipped.subscribe(channels, phase);
        }

        @Override
        public Call subscribe(List<String> channels, int phase, Map<String, Secret> values) {
            trouble.enter("subscribe");
            return shipped.subscribe(channels, phase, values);
        }

        @Override
        public Call unsubscribe(List<String> channels, int phase) {
            trouble.enter("unsubscribe");
            return shipped.unsubscribe(channels, phase);
        }

        @Override
        public Call unsubscribe(List<String> channels, int phase, Map<String, Secret> values) {
            trouble.enter("unsubscribe");
            return shipped.unsubscribe(channels, phase, values);
        }

        @Override
        public Optional<Call> list() {
            return shipped.list();
        }

        @Override
        public Inbound decode(String frame) {
            trouble.decoding(client, frame);
            return shipped.decode(frame);
        }
    }
}
