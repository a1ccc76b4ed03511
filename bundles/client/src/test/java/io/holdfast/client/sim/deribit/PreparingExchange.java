// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.Preparation;
import io.holdfast.api.exchange.Prepared;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.transport.Secret;
import io.holdfast.exchange.deribit.DeribitExchange;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** The shipped plugin for an exchange that gives out a token for each connection. */
public final class PreparingExchange implements ExchangeFactory {
    /** All tokens begin so. */
    public static final String TOKEN = "hush-";

    private final ExchangeFactory shipped = new DeribitExchange();
    private final String type;
    private final String issuer;

    /** What each call is answered with. */
    BiFunction<URI, String, CompletionStage<Prepared>> answer =
            (uri, token) -> CompletableFuture.completedFuture(with(uri, token));

    /** Every call there was. */
    final List<SessionContext> asked = new ArrayList<>();

    final List<Map<String, Secret>> sessions = new ArrayList<>();
    final List<Map<String, Secret>> subscriptions = new ArrayList<>();

    public PreparingExchange(String issuer) {
        this("deribit", issuer);
    }

    public PreparingExchange(String type, String issuer) {
        this.type = type;
        this.issuer = issuer;
    }

    static Prepared.To with(URI uri, String token) {
        return Prepared.To.of(URI.create(uri + "?token=" + token))
                .header("X-Token", Secret.of(token.toCharArray()))
                .value("token", Secret.of(token.toCharArray()));
    }

    /** The same with other answers. */
    public PreparingExchange answering(BiFunction<URI, String, CompletionStage<Prepared>> other) {
        answer = other;
        return this;
    }

    @Override
    public String type() {
        return type;
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
            public Optional<Preparation> preparation() {
                return Optional.of((uri, attempt) -> {
                    asked.add(attempt);
                    return answer.apply(uri, TOKEN + issuer + asked.size());
                });
            }

            @Override
            public ChannelSpec channel(String name) {
                return p.channel(name);
            }

            @Override
            public List<SessionStep> session(SessionContext session) {
                sessions.add(session.credentials());
                return p.session(session);
            }

            @Override
            public Call subscribe(List<String> channels, int phase) {
                throw new IllegalStateException("there are values");
            }

            @Override
            public Call subscribe(List<String> channels, int phase, Map<String, Secret> values) {
                subscriptions.add(values);
                return p.subscribe(channels, phase);
            }

            @Override
            public Call unsubscribe(List<String> channels, int phase) {
                return p.unsubscribe(channels, phase);
            }

            @Override
            public Inbound decode(String frame) {
                return p.decode(frame);
            }
        };
    }
}
