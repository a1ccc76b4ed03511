// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal;

import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.Upgrade;
import io.holdfast.simulator.internal.data.Feeds;
import io.holdfast.simulator.internal.exchange.BinanceDoor;
import io.holdfast.simulator.internal.exchange.BinanceEndpoint;
import io.holdfast.simulator.internal.exchange.DeribitEndpoint;
import io.holdfast.simulator.internal.exchange.GenericConnection;
import io.holdfast.simulator.internal.exchange.Kept;
import io.holdfast.simulator.internal.exchange.Replays;
import io.holdfast.simulator.internal.exchange.Scene;
import io.holdfast.simulator.internal.fault.FaultBoard;
import io.holdfast.simulator.internal.fault.FaultRules;
import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.fault.Routes;
import io.holdfast.simulator.internal.fault.UpgradeRules;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Host;
import io.holdfast.simulator.internal.net.Listener;
import io.holdfast.simulator.internal.net.Loop;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together: accepts, chooses scripts, keeps the accept log. Loop thread only unless stated. */
public final class Core implements Host, FaultBoard.Stage {

    private static final int KEEP_CONNECTIONS = 256; // ended ones whose messages and counters can still be read

    private final Logger log = LoggerFactory.getLogger(Core.class);
    private final SimulatorOptions options;
    private final Loop loop;
    private final Listener listener;
    private final Waiters waiters;
    private final Routes routes = new Routes();
    private final FaultRules rules = new FaultRules(routes);
    private final UpgradeRules upgrades = new UpgradeRules(routes);
    private final Replays replays = new Replays();
    private final Feeds feeds;
    private final DeribitEndpoint deribit;
    private final BinanceEndpoint binance;
    private final FaultBoard faults;
    private final Map<Integer, Connection> alive = new LinkedHashMap<>();
    private final Kept<Connection> recent = new Kept<>(KEEP_CONNECTIONS);
    private final Kept<AcceptRecord> gone;
    private int accepted;
    private int connectionLimit;
    private boolean closed;

    /** Binds the port; {@link #start()} begins to serve it. Any thread. */
    public Core(SimulatorOptions options) throws IOException {
        this.options = options;
        connectionLimit = options.connectionLimit();
        gone = new Kept<>(options.keepAccepts());
        loop = new Loop("holdfast-simulator");
        waiters = new Waiters(loop, this::situation);
        feeds = new Feeds(
                loop,
                options,
                (c, channel) -> rules.find(Toggle.SILENCE, c, channel).isPresent());
        Scene scene = new Scene(loop, options, feeds, rules, replays, new Random(options.seed()));
        deribit = new DeribitEndpoint(scene);
        binance = new BinanceEndpoint(scene);
        faults = new FaultBoard(this, routes, rules, upgrades, deribit, binance, feeds);
        routes.put(DeribitEndpoint.PATH, deribit);
        BinanceEndpoint.PATHS.forEach(path -> routes.put(path, binance));
        routes.put("/generic", connection -> new GenericConnection(scene, connection));
        try {
            listener = new Listener(loop, options.address(), options.port(), options.receiveBuffer(), this::accepted);
        } catch (IOException e) {
            loop.selector().close();
            throw e;
        }
    }

    /** Any thread, once. */
    public void start() {
        loop.start(waiters::ask);
    }

    /** Ends everything; any thread, any number of times. */
    public void close() {
        loop.run(() -> {
            if (!closed) {
                closed = true;
                listener.close();
                List.copyOf(alive.values()).forEach(c -> c.reset(End.SERVER, "simulator closed"));
                waiters.stop();
            }
        });
        loop.stop();
    }

    // -- parts; any thread -------------------------------------------------------------------------------------------

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public SimulatorOptions options() {
        return options;
    }

    public int port() {
        return listener.port();
    }

    public FaultBoard faults() {
        return faults;
    }

    public Feeds feeds() {
        return feeds;
    }

    public DeribitEndpoint deribit() {
        return deribit;
    }

    public BinanceEndpoint binance() {
        return binance;
    }

    public Routes routes() {
        return routes;
    }

    public Replays replays() {
        return replays;
    }

    @Override
    public <T> T await(String what, Supplier<Optional<T>> question, Duration limit) {
        return waiters.await(what, question, limit);
    }

    // -- the accept log ----------------------------------------------------------------------------------------------

    public int accepts() {
        return accepted;
    }

    public List<AcceptRecord> records() {
        List<AcceptRecord> all = new ArrayList<>(gone.values());
        alive.values().forEach(c -> all.add(c.record()));
        all.sort(Comparator.comparingInt(AcceptRecord::number));
        return all;
    }

    public Optional<AcceptRecord> record(int number) {
        Connection connection = alive.get(number);
        return Optional.ofNullable(connection == null ? gone.get(number) : connection.record());
    }

    public Optional<Connection> connection(int number) {
        return Optional.ofNullable(alive.containsKey(number) ? alive.get(number) : recent.get(number));
    }

    @Override
    public List<Connection> open() {
        return alive.values().stream().filter(Connection::isOpen).toList();
    }

    private String situation() {
        return "accepted " + accepted + ", open "
                + open().stream().map(Connection::number).toList()
                + (closed ? ", closed" : listener.isListening() ? "" : ", refusing");
    }

    // -- connections -------------------------------------------------------------------------------------------------

    private void accepted(SocketChannel channel) {
        int number = ++accepted;
        try {
            Connection connection = new Connection(this, loop, channel, number);
            alive.put(number, connection);
            Upgrade upgrade = upgrades.atAccept();
            if (upgrade != null) {
                perform(connection, upgrade);
            }
        } catch (IOException e) {
            log.debug("connection {} was gone before it was accepted: {}", number, e.toString());
            try {
                channel.close();
            } catch (IOException closing) {
                log.debug("closing it failed: {}", closing.toString());
            }
        }
    }

    @Override
    public void requested(Connection connection) {
        Upgrade upgrade = upgrades.forPath(connection.path());
        if (upgrade.delay().isZero()) {
            perform(connection, upgrade);
        } else {
            connection.later(upgrade.delay().toNanos(), () -> perform(connection, upgrade));
        }
    }

    private void perform(Connection connection, Upgrade upgrade) {
        switch (upgrade.kind()) {
            case ACCEPT -> upgrade(connection);
            case REFUSE -> connection.refuse(upgrade.status(), upgrade.headers());
            case SILENT -> connection.leaveUnanswered();
            case HALF -> connection.halfAnswer(0.5, true);
            case HALF_THEN_DROP -> {
                connection.halfAnswer(0.5, true);
                connection.endUnanswered("half an answer, then FIN");
            }
            case WRONG_ACCEPT -> connection.halfAnswer(1, false);
            case DROP -> {
                connection.leaveUnanswered();
                connection.endUnanswered("FIN at accept");
            }
            case RESET -> {
                connection.leaveUnanswered();
                connection.reset(End.FAULT, "RST at accept");
            }
            case OPEN_THEN_CLOSE -> {
                upgrade(connection);
                connection.close(End.FAULT, upgrade.code(), upgrade.reason());
            }
            case OPEN_THEN_RESET -> {
                upgrade(connection);
                connection.reset(End.FAULT, "RST after 101");
            }
        }
    }

    private void upgrade(Connection connection) {
        Optional<Routes.Script> script = routes.find(connection.path());
        if (script.isEmpty()) {
            connection.refuse(404, Map.of());
        } else if (open().size() >= connectionLimit) {
            connection.refuse(429, Map.of());
        } else if (script.get() == binance && banned(connection)) {
            log.debug("connection {} came too often", connection.number());
        } else {
            String protocol = connection.request().protocols().stream()
                    .filter(options.protocols()::contains)
                    .findFirst()
                    .orElse("");
            connection.open(script.get().create(connection), protocol);
        }
    }

    private boolean banned(Connection connection) {
        BinanceDoor.Refusal refusal = binance.attempt();
        if (refusal != null) {
            connection.refuse(refusal.status(), refusal.headers());
        }
        return refusal != null;
    }

    @Override
    public void asked(Connection connection, int otherwise) {
        String page = binance.page(connection);
        Upgrade upgrade = page == null ? Upgrade.accept() : upgrades.forPath(connection.path());
        if (upgrade.kind() == Upgrade.Kind.REFUSE) {
            connection.refuse(upgrade.status(), upgrade.headers());
        } else if (page == null) {
            connection.refuse(otherwise, Map.of());
        } else {
            connection.answer(page);
        }
    }

    @Override
    public void gone(Connection connection) {
        alive.remove(connection.number());
        gone.put(connection.number(), connection.record());
        recent.put(connection.number(), connection);
        deribit.gone(connection);
        binance.gone(connection);
        rules.forget(number -> number > accepted || alive.containsKey(number));
    }

    @Override
    public boolean pongsWithheld(Connection connection) {
        return rules.on(Toggle.WITHHOLD_PONGS, connection);
    }

    // -- what faults need --------------------------------------------------------------------------------------------

    @Override
    public Listener listener() {
        if (closed) {
            throw new IllegalStateException("the simulator is closed");
        }
        return listener;
    }

    @Override
    public void connectionLimit(int connections) {
        connectionLimit = connections;
    }
}
