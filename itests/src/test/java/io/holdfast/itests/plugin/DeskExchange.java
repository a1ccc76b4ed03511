// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.plugin;

import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.Preparation;
import io.holdfast.api.exchange.Prepared;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.transport.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/** A plugin for an exchange whose desk gives out, over HTTP, an address with a token for one connection. */
@Component(property = ExchangeFactory.TYPE + "=desk")
public final class DeskExchange implements ExchangeFactory {

    private static final OptionSet OPTIONS =
            OptionSet.of(Option.uri("exchange.desk", Option.Effect.RECONNECT, "Where tokens are given out."));

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    @Override
    public String type() {
        return "desk";
    }

    @Override
    public OptionSet options() {
        return OPTIONS;
    }

    @Override
    public ExchangeProtocol open(ExchangeContext context) {
        return new Protocol(context.options().uri("exchange.desk"));
    }

    private final class Protocol implements ExchangeProtocol {

        private final URI desk;

        private Protocol(URI desk) {
            this.desk = desk;
        }

        @Override
        public ExchangeProfile profile() {
            return new ExchangeProfile(
                    "desk",
                    new ExchangeProfile.Envelope("{\"id\":\"${id}\",\"method\":\"${method}\"}", "", false),
                    List.of(),
                    Optional.empty(),
                    ExchangeProfile.Acknowledgement.ALL,
                    1,
                    1024,
                    List.of(),
                    List.of(),
                    Duration.ofSeconds(5));
        }

        @Override
        public Optional<Preparation> preparation() {
            return Optional.of(this::prepare);
        }

        private CompletionStage<Prepared> prepare(URI uri, SessionContext context) {
            Secret key = context.credentials().getOrDefault("exchange.key", Secret.NONE);
            HttpRequest request = HttpRequest.newBuilder(desk)
                    .header("X-Key", key.text())
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(Protocol::prepared);
        }

        private static Prepared prepared(HttpResponse<String> answer) {
            return switch (answer.statusCode()) {
                case 200 -> Prepared.To.of(URI.create(answer.body()));
                case 401 -> new Prepared.Failed(Failure.of("401", "the desk knows no such key", Failure.Act.REFUSED));
                default ->
                    new Prepared.Failed(
                            Failure.of(String.valueOf(answer.statusCode()), "the desk is closed", Failure.Act.LATER));
            };
        }

        @Override
        public ChannelSpec channel(String name) {
            throw new IllegalArgumentException("there are no channels");
        }

        @Override
        public List<SessionStep> session(SessionContext context) {
            return List.of();
        }

        @Override
        public Call subscribe(List<String> channels, int phase) {
            return Call.of("subscribe", "");
        }

        @Override
        public Call unsubscribe(List<String> channels, int phase) {
            return Call.of("unsubscribe", "");
        }

        @Override
        public Inbound decode(String frame) {
            return Event.NONE;
        }
    }
}
