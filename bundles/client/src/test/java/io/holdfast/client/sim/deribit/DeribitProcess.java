// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.transport.Secret;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.client.sim.VirtualEnvironment;
import io.holdfast.exchange.deribit.DeribitExchange;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The engine that ships with the plugins that ship, on a virtual clock, against the model of Deribit. One client. */
final class DeribitProcess implements MessageListener, ConnectionListener {
    final VirtualEnvironment environment;
    final DeribitModel deribit;
    final EngineServices services;
    final List<Continuity> continuity = new ArrayList<>();
    final List<ConnectionEvent> events = new ArrayList<>();

    /** Messages and continuity in their order: a message as connection and text. */
    final List<Object> lane = new ArrayList<>();

    private final Clients all;
    private final OwnedClients clients;
    WebSocketClient client;
    long messages;

    DeribitProcess(long seed) {
        this(seed, new DeribitExchange());
    }

    DeribitProcess(long seed, ExchangeFactory exchange) {
        environment = new VirtualEnvironment(seed);
        deribit = new DeribitModel(environment);
        services = EngineServices.of(environment, BanStore.inMemory(), TransitionObserver.NONE);
        services.transport().set(deribit);
        services.heartbeats().add(new DeribitHeartbeat(), "deribit", "deribit", 0);
        services.exchanges().add(exchange, "deribit", "deribit", 0);
        services.credentials()
                .add(name -> Map.of(
                        "exchange.client.id", Secret.of("me".toCharArray()),
                        "exchange.client.secret", Secret.of("right".toCharArray())));
        all = new Clients(services);
        clients = OwnedClients.unsupervised(all);
    }

    static ClientOptions.Builder options(String... channels) {
        return ClientOptions.uri("wss://deribit.example/ws/api/v2")
                .id("c")
                .heartbeat("deribit", Map.of())
                .exchange("deribit", Map.of("auth", "client_credentials"))
                .option("credentials", "deribit")
                .option("reconnect.attempts", "0")
                .option("initial.failure", "restart")
                .option("exchange.channels", List.of(channels));
    }

    Exchange open(ClientOptions.Builder options) {
        client = clients.open(options.build(), this, this);
        return client.exchange().orElseThrow();
    }

    /** One more client, with a listener of its own. */
    WebSocketClient open(ClientOptions.Builder options, MessageListener listener, ConnectionListener observer) {
        return clients.open(options.build(), listener, observer);
    }

    /** Other options for a client of this id. */
    void reconfigure(String id, ClientOptions.Builder options) {
        all.all().stream().filter(c -> c.handle().id().equals(id)).forEach(c -> c.reconfigure(options.build()));
    }

    void run(Duration span) {
        environment.runFor(span);
    }

    void seconds(long seconds) {
        run(Duration.ofSeconds(seconds));
    }

    ChannelStatus channel(String name) {
        return client.exchange().orElseThrow().channels().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    void end() {
        clients.endAll(Cause.of(Cause.Kind.OWNER_GONE, "test over"));
        seconds(30);
        services.endpoints().close();
    }

    @Override
    public void onMessage(Message message) {
        messages++;
        lane.add(message.connection() + " " + message.text());
    }

    @Override
    public void onContinuity(Continuity event) {
        continuity.add(event);
        lane.add(event);
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        events.add(event);
    }
}
