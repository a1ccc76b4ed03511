// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import io.holdfast.simulator.internal.Core;
import io.holdfast.simulator.internal.net.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A local exchange on 127.0.0.1. It plays Deribit under {@code /ws/api/v2}, Binance under {@code /ws}, {@code /stream},
 * the futures paths {@code /public}, {@code /market}, {@code /private} and {@code /ws-api/v3}, an exchange of no name
 * under {@code /generic}, and whatever {@link #handle} adds.
 *
 * <p>One thread, {@code holdfast-simulator}, does everything; {@link #close()} ends it. All methods may be called from any
 * thread; those that change something return when it has happened, and those that wait must not be called from a script.
 * After {@code close} the accounts can still be read.
 */
public final class Simulator implements AutoCloseable {

    private final Core core;
    private final String scheme;
    private final String host;

    private Simulator(Core core, String scheme, String host) {
        this.core = core;
        this.scheme = scheme;
        this.host = host;
    }

    /** Starts with all defaults on a free port. */
    public static Simulator start() {
        return start(SimulatorOptions.defaults());
    }

    /**
     * Starts listening.
     *
     * @throws UncheckedIOException when the port cannot be had
     */
    public static Simulator start(SimulatorOptions options) {
        try {
            Core core = new Core(options);
            core.start();
            return new Simulator(core, options.tls().isPresent() ? "wss" : "ws", host(options.address()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on " + options.address().getHostAddress() + ":" + options.port(), e);
        }
    }

    private static String host(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }

    /** The port; it stays the same while attempts are refused. */
    public int port() {
        return core.port();
    }

    /**
     * The address of a path.
     *
     * @param path with query if wanted, for example {@code /ws/api/v2}
     */
    public URI uri(String path) {
        return URI.create(scheme + "://" + host + ":" + port() + path);
    }

    // -- what is played ----------------------------------------------------------------------------------------------

    /**
     * Gives a path and everything below it a script; an earlier one of the same prefix is replaced for later connections.
     *
     * @param pathPrefix whole path segments, for example {@code /mine}
     * @param script makes the handler of each connection, before its 101 is written; called on the simulator's thread
     */
    public void handle(String pathPrefix, Function<Session, ConnectionHandler> script) {
        Objects.requireNonNull(script, "script");
        core.loop().run(() -> core.routes().put(pathPrefix, connection -> script.apply(connection.session())));
    }

    /**
     * Plays a recording instead of the numbered data to every later connection whose path starts with the prefix: Deribit
     * after the first acknowledged subscribe, Binance with the first stream, the generic mode at once. Requests and
     * heartbeats are answered as always.
     *
     * @param frames gives the texts of one connection, see {@link Replay#frames}; called on the simulator's thread
     * @param perSecond pace; 0 for as fast as the client reads
     * @return completed with the number of frames written to the first connection
     */
    public CompletableFuture<Long> replay(String pathPrefix, Supplier<Iterator<String>> frames, double perSecond) {
        Objects.requireNonNull(frames, "frames");
        if (!(perSecond >= 0)) {
            throw new IllegalArgumentException("perSecond must not be negative: " + perSecond);
        }
        CompletableFuture<Long> first = new CompletableFuture<>();
        core.loop().run(() -> core.replays().put(pathPrefix, frames, perSecond, first));
        return first;
    }

    /**
     * The same with what a recorder wrote, with the pauses that there were: data in place of the numbered one; requests and
     * heartbeats are answered as always, and not by what was answered then.
     *
     * @param speed how much faster than it was; 1 for the same pace
     * @return completed with the number of messages sent to the first connection, if it lives so long
     */
    public CompletableFuture<Long> replay(String pathPrefix, Recording recording, double speed) {
        Objects.requireNonNull(recording, "recording");
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed must be positive: " + speed);
        }
        CompletableFuture<Long> first = new CompletableFuture<>();
        core.loop().run(() -> core.replays().put(pathPrefix, recording, speed, first));
        return first;
    }

    /** The switches for faults, in the scope of everything. */
    public Faults faults() {
        return core.faults();
    }

    /** The account of the numbered data. */
    public NumberedData data() {
        return core.feeds();
    }

    /** What the simulated Deribit knows. */
    public Deribit deribit() {
        return core.deribit();
    }

    /** What the simulated Binance knows. */
    public Binance binance() {
        return core.binance();
    }

    // -- accounts ----------------------------------------------------------------------------------------------------

    /** How many TCP connections were accepted so far. */
    public int accepts() {
        return core.loop().call(core::accepts);
    }

    /** The accept log in order; ended connections beyond {@link SimulatorOptions#keepAccepts()} are forgotten. */
    public List<AcceptRecord> acceptLog() {
        return core.loop().call(core::records);
    }

    /** The connections that are upgraded and not ended, in the order of their accept. */
    public List<Session> open() {
        return core.loop()
                .call(() -> core.open().stream().map(Connection::session).toList());
    }

    /** The same, of one path prefix. */
    public List<Session> open(String pathPrefix) {
        return core.loop()
                .call(() -> core.open().stream()
                        .filter(c -> c.path().startsWith(pathPrefix))
                        .map(Connection::session)
                        .toList());
    }

    /** A connection by number: any whose socket lives, and the last 256 others. */
    public Optional<Session> session(int number) {
        return core.loop().call(() -> core.connection(number).map(Connection::session));
    }

    // -- waiting -----------------------------------------------------------------------------------------------------

    /**
     * Waits until at least so many connections are open.
     *
     * @return all open connections at that moment
     * @throws IllegalStateException when there are not within the limit
     */
    public List<Session> awaitOpen(int connections, Duration limit) {
        return core.await(
                connections + " open connections",
                () -> Optional.of(core.open())
                        .filter(open -> open.size() >= connections)
                        .map(open -> open.stream().map(Connection::session).toList()),
                limit);
    }

    /** Waits for an open connection whose number is above {@code number}: the one after a reconnect. */
    public Session awaitOpenAfter(int number, Duration limit) {
        return core.await(
                "open connection after " + number,
                () -> core.open().stream()
                        .filter(c -> c.number() > number)
                        .findFirst()
                        .map(Connection::session),
                limit);
    }

    /** Waits until so many TCP connections were accepted in all. */
    public void awaitAccepts(int connections, Duration limit) {
        await(connections + " accepts", () -> core.accepts() >= connections, limit);
    }

    /** Waits until no connection is open. */
    public void awaitNoneOpen(Duration limit) {
        await("end of all connections", () -> core.open().isEmpty(), limit);
    }

    /**
     * Waits until a connection has ended.
     *
     * @param number need not have been accepted yet
     */
    public AcceptRecord awaitEnd(int number, Duration limit) {
        return core.await(
                "end of connection " + number,
                () -> core.record(number).filter(r -> r.end() != AcceptRecord.End.OPEN),
                limit);
    }

    /**
     * Waits until a condition holds. It is asked on the simulator's thread, after each of its passes and at least every
     * 20 ms; it may use every reading method of this class.
     *
     * @param what for the message of the exception
     * @throws IllegalStateException when it does not hold within the limit
     */
    public void await(String what, BooleanSupplier condition, Duration limit) {
        core.await(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty(), limit);
    }

    /** Stops listening, resets every connection, ends the thread. Calling it again does nothing. */
    @Override
    public void close() {
        core.close();
    }
}
