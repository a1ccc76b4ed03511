// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.binance;

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
import io.holdfast.api.transport.Secret;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.OwnedClients;
import io.holdfast.client.engine.TransitionObserver;
import io.holdfast.client.sim.VirtualEnvironment;
import io.holdfast.exchange.binance.BinanceExchange;
import io.holdfast.heartbeat.binance.BinanceHeartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The engine that ships with the plugins that ship, on a virtual clock, against the model of Binance. One client. */
final class BinanceProcess implements MessageListener, ConnectionListener {
    final VirtualEnvironment environment;
    final BinanceModel binance;
    final EngineServices services;
    final List<Continuity> continuity = new ArrayList<>();
    final List<ConnectionEvent> events = new ArrayList<>();

    /** Messages and continuity in their order: a message as connection and text. */
    final List<Object> lane = new ArrayList<>();

    private final OwnedClients clients;
    WebSocketClient client;
    long messages;

    /** Gets what the client's listener gets. */
    MessageListener also = message -> {};

    BinanceProcess(long seed) {
        environment = new VirtualEnvironment(seed);
        binance = new BinanceModel(environment);
        services = EngineServices.of(environment, BanStore.inMemory(), TransitionObserver.NONE);
        services.transport().set(binance);
        services.heartbeats().add(new BinanceHeartbeat(), "binance", "binance", 0);
        services.exchanges().add(new BinanceExchange(), "binance", "binance", 0);
        services.credentials().add(name -> Map.of("exchange.api.key", Secret.of("me".toCharArray())));
        services.credentials().add((credentials, algorithm, data) -> Optional.of(new byte[] {1}));
        clients = OwnedClients.unsupervised(new Clients(services));
    }

    static ClientOptions.Builder streams(Map<String, String> exchange, String... channels) {
        return options("wss://stream.binance.example/stream", exchange).option("exchange.channels", List.of(channels));
    }

    static ClientOptions.Builder api() {
        return options("wss://ws-api.binance.example/ws-api/v3", Map.of("auth", "ed25519", "user.data", "true"))
                .option("credentials", "binance");
    }

    private static ClientOptions.Builder options(String uri, Map<String, String> exchange) {
        return ClientOptions.uri(uri)
                .id("c")
                .heartbeat("binance", Map.of())
                .exchange("binance", exchange)
                .option("reconnect.attempts", "0")
                .option("initial.failure", "restart");
    }

    /** A second client of the same process, for calls. */
    WebSocketClient openApi() {
        return clients.open(api().id("api").build(), message -> {}, event -> {});
    }

    Exchange open(ClientOptions.Builder options) {
        client = clients.open(options.build(), this, this);
        return client.exchange().orElseThrow();
    }

    OwnedClients clients() {
        return clients;
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
        also.onMessage(message);
    }

    @Override
    public void onContinuity(Continuity event) {
        continuity.add(event);
        lane.add(event);
        also.onContinuity(event);
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        events.add(event);
    }
}
