// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.fault;

import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.Fault;
import io.holdfast.simulator.Faults;
import io.holdfast.simulator.ShutdownShape;
import io.holdfast.simulator.Upgrade;
import io.holdfast.simulator.internal.data.Feeds;
import io.holdfast.simulator.internal.exchange.BinanceEndpoint;
import io.holdfast.simulator.internal.exchange.DeribitEndpoint;
import io.holdfast.simulator.internal.fault.FaultRules.Rule;
import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Listener;
import io.holdfast.simulator.internal.net.Loop;
import io.holdfast.simulator.internal.net.Playback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@link Faults} in one scope. Carries each call over to the loop and takes the time there. */
public final class FaultBoard implements Faults {

    /** What there is to be broken. */
    public interface Stage {
        Loop loop();

        List<Connection> open();

        Listener listener();

        void connectionLimit(int connections);
    }

    private final Stage stage;
    private final Routes routes;
    private final FaultRules rules;
    private final UpgradeRules upgrades;
    private final DeribitEndpoint deribit;
    private final BinanceEndpoint binance;
    private final Feeds feeds;
    private final Scope scope;

    public FaultBoard(
            Stage stage,
            Routes routes,
            FaultRules rules,
            UpgradeRules upgrades,
            DeribitEndpoint deribit,
            BinanceEndpoint binance,
            Feeds feeds) {
        this(stage, routes, rules, upgrades, deribit, binance, feeds, Scope.ALL);
    }

    private FaultBoard(
            Stage stage,
            Routes routes,
            FaultRules rules,
            UpgradeRules upgrades,
            DeribitEndpoint deribit,
            BinanceEndpoint binance,
            Feeds feeds,
            Scope scope) {
        this.stage = stage;
        this.routes = routes;
        this.rules = rules;
        this.upgrades = upgrades;
        this.deribit = deribit;
        this.binance = binance;
        this.feeds = feeds;
        this.scope = scope;
    }

    private FaultBoard in(Scope narrower) {
        return new FaultBoard(stage, routes, rules, upgrades, deribit, binance, feeds, narrower);
    }

    @Override
    public Faults on(String pathPrefix) {
        return in(new Scope(Objects.requireNonNull(pathPrefix, "pathPrefix"), scope.connections()));
    }

    @Override
    public Faults on(int... connections) {
        return in(new Scope(scope.path(), IntStream.of(connections).boxed().collect(Collectors.toUnmodifiableSet())));
    }

    @Override
    public Faults onOpen() {
        Set<Integer> open = stage.loop()
                .call(() -> covered().stream().map(Connection::number).collect(Collectors.toUnmodifiableSet()));
        return in(new Scope(scope.path(), open));
    }

    private List<Connection> covered() {
        return stage.open().stream().filter(c -> scope.covers(c, routes)).toList();
    }

    // -- strikes -----------------------------------------------------------------------------------------------------

    private Fault strike(String kind, Consumer<Connection> blow) {
        return strikeUntil(kind, connection -> {
            blow.accept(connection);
            return null;
        });
    }

    /** @param blow gives what has to be waited for, or null */
    private Fault strikeUntil(String kind, Function<Connection, CompletableFuture<?>> blow) {
        return stage.loop().call(() -> {
            List<Connection> hit = covered();
            long nanos = System.nanoTime();
            Instant at = Instant.now();
            List<CompletableFuture<?>> open = new ArrayList<>();
            for (Connection connection : hit) {
                CompletableFuture<?> done = blow.apply(connection);
                if (done != null) {
                    open.add(done);
                }
            }
            return new Fault(
                    kind,
                    nanos,
                    at,
                    hit.stream().map(Connection::number).toList(),
                    CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)));
        });
    }

    @Override
    public Fault reset() {
        return strike("reset", c -> c.reset(End.FAULT, "RST"));
    }

    @Override
    public Fault close(int code, String reason) {
        return strike("close", c -> c.close(End.FAULT, code, reason));
    }

    @Override
    public Fault fin() {
        return strike("fin", c -> c.fin(End.FAULT, "FIN"));
    }

    @Override
    public Fault halfOpen() {
        return strike("halfOpen", Connection::goHalfOpen);
    }

    @Override
    public Fault stopReading() {
        return strike("stopReading", c -> c.pauseReading(true));
    }

    @Override
    public Fault resumeReading() {
        return strike("resumeReading", c -> c.pauseReading(false));
    }

    @Override
    public Fault cutInFrame() {
        return strike("cutInFrame", Connection::cut);
    }

    @Override
    public Fault reservedOpcode() {
        return strike("reservedOpcode", c -> c.send(BadFrames.reservedOpcode()));
    }

    @Override
    public Fault invalidUtf8() {
        return strike("invalidUtf8", c -> c.send(BadFrames.invalidUtf8()));
    }

    @Override
    public Fault maskedFrame() {
        return strike("maskedFrame", c -> c.send(BadFrames.masked()));
    }

    @Override
    public Fault oversized(long bytes) {
        BadFrames.checkSize(bytes);
        return strikeUntil("oversized", c -> c.play(new Playback(BadFrames.oversized(bytes), true, () -> {}), 0));
    }

    @Override
    public Fault flood(int messages, int bytes) {
        BadFrames.checkFlood(messages, bytes);
        return strikeUntil("flood", c -> c.play(new Playback(BadFrames.flood(messages, bytes), false, () -> {}), 0));
    }

    @Override
    public Fault raw(byte[] bytes) {
        byte[] copy = bytes.clone();
        return strike("raw", c -> c.send(copy));
    }

    @Override
    public Fault serverShutdown() {
        return strike("serverShutdown", binance::shutdown);
    }

    @Override
    public Fault serverShutdown(ShutdownShape shape) {
        Objects.requireNonNull(shape, "shape");
        return strike("serverShutdown", c -> binance.shutdown(c, shape));
    }

    @Override
    public Fault keyRevoked() {
        return strike("keyRevoked", binance::revoke);
    }

    @Override
    public Fault userDataEnds() {
        return strike("userDataEnds", binance::terminate);
    }

    @Override
    public Fault testRequest() {
        return strike("testRequest", deribit::testRequest);
    }

    @Override
    public Fault tooSlow() {
        return strike("tooSlow", deribit::tooSlow);
    }

    @Override
    public Fault gap(String channel, int messages) {
        if (messages < 1) {
            throw new IllegalArgumentException("messages must be positive: " + messages);
        }
        return strike("gap", c -> feeds.skip(c, channel, messages));
    }

    @Override
    public Fault duplicate(String channel) {
        return strike("duplicate", c -> feeds.twice(c, channel));
    }

    // -- lasting -----------------------------------------------------------------------------------------------------

    private Fault last(String kind, Toggle toggle, String subject, int code, String message) {
        return stage.loop().call(() -> {
            rules.add(new Rule(scope, toggle, subject, code, message));
            return strike(kind, c -> {});
        });
    }

    @Override
    public Fault withholdHeartbeats() {
        return last("withholdHeartbeats", Toggle.WITHHOLD_HEARTBEATS, "", 0, "");
    }

    @Override
    public Fault withholdTestRequests() {
        return last("withholdTestRequests", Toggle.WITHHOLD_TEST_REQUESTS, "", 0, "");
    }

    @Override
    public Fault withholdPongs() {
        return last("withholdPongs", Toggle.WITHHOLD_PONGS, "", 0, "");
    }

    @Override
    public Fault withholdAnswers() {
        return last("withholdAnswers", Toggle.WITHHOLD_ANSWERS, "", 0, "");
    }

    @Override
    public Fault withholdAnswers(String method) {
        return last("withholdAnswers", Toggle.WITHHOLD_ANSWERS, method, 0, "");
    }

    @Override
    public Fault failRequests(String method, int code, String message) {
        return last("failRequests", Toggle.FAIL_REQUESTS, method, code, message);
    }

    @Override
    public Fault silence(String channel) {
        return last("silence", Toggle.SILENCE, channel, 0, "");
    }

    @Override
    public Fault loseAnswers(String method) {
        return last("loseAnswers", Toggle.LOSE_ANSWERS, method, 0, "");
    }

    @Override
    public Fault reorderAnswers() {
        return last("reorderAnswers", Toggle.REORDER_ANSWERS, "", 0, "");
    }

    @Override
    public Fault leaveOut(String channel) {
        return last("leaveOut", Toggle.LEAVE_OUT, channel, 0, "");
    }

    @Override
    public Fault clockSkew(Duration skew) {
        return last("clockSkew", Toggle.CLOCK_SKEW, "", Math.toIntExact(skew.toMillis()), "");
    }

    @Override
    public Fault oldSnapshots(int updates) {
        return last("oldSnapshots", Toggle.OLD_SNAPSHOTS, "", updates, "");
    }

    @Override
    public Fault clear() {
        return stage.loop().call(() -> {
            rules.clear(scope);
            return strike("clear", c -> {});
        });
    }

    // -- attempts ----------------------------------------------------------------------------------------------------

    private Fault attempts(String kind, Runnable change) {
        return stage.loop().call(() -> {
            if (scope.connections() != null) {
                throw new IllegalStateException(kind + " concerns attempts; it cannot be narrowed to connections");
            }
            change.run();
            return new Fault(
                    kind, System.nanoTime(), Instant.now(), List.of(), CompletableFuture.completedFuture(null));
        });
    }

    @Override
    public Fault upgrades(int attempts, Upgrade upgrade) {
        Objects.requireNonNull(upgrade, "upgrade");
        return attempts("upgrades", () -> upgrades.plan(scope.path(), attempts, upgrade));
    }

    @Override
    public Fault upgrades(Upgrade upgrade) {
        Objects.requireNonNull(upgrade, "upgrade");
        return attempts("upgrades", () -> upgrades.stand(scope.path(), upgrade));
    }

    @Override
    public Fault refuse() {
        return attempts("refuse", () -> stage.listener().refuse());
    }

    @Override
    public Fault refuseFor(Duration time) {
        return attempts("refuseFor", () -> {
            Listener listener = stage.listener();
            listener.refuse();
            stage.loop().schedule(time.toNanos(), listener::listen);
        });
    }

    @Override
    public Fault accept() {
        return attempts("accept", () -> stage.listener().listen());
    }

    @Override
    public Fault maintenance(Duration time) {
        String path = scope.path().isEmpty() ? DeribitEndpoint.PATH : scope.path();
        return stage.loop().call(() -> {
            attempts("maintenance", () -> upgrades.stand(path, Upgrade.refuse(503)));
            stage.loop().schedule(time.toNanos(), () -> upgrades.stand(path, Upgrade.accept()));
            return in(new Scope(path, null)).strike("maintenance", deribit::maintenance);
        });
    }

    @Override
    public Fault connectionLimit(int connections) {
        return attempts("connectionLimit", () -> stage.connectionLimit(connections));
    }
}
