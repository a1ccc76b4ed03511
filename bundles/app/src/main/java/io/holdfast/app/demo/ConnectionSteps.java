// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.app.account.ClientAccount.Arrival;
import io.holdfast.app.demo.Sightings.Sighting;
import io.holdfast.simulator.Fault;
import io.holdfast.simulator.Faults;
import io.holdfast.simulator.Upgrade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** What can happen to a connection. */
final class ConnectionSteps {

    private static final Duration REFUSED = Duration.ofSeconds(20);
    private static final int CLOSED_AT_ONCE = 3;
    private static final int HEARTBEATS = 2;
    private static final int BULK = 32 * 1024;
    private static final int MOST_BULKS = 4096;

    private ConnectionSteps() {}

    /** Nothing is done to them: heartbeats are asked for and answered, and nothing is closed. */
    static void steady(Stage stage, Findings findings) throws InterruptedException {
        Bounds bounds = stage.bounds(Target.DERIBIT);
        Duration time = bounds.heartbeat().serverBeat().multipliedBy(HEARTBEATS);
        if (stage.settings().client(Target.DERIBIT).heartbeatType().equals("none")) {
            stage.pass(time);
            return;
        }
        long answered = stage.simulator().deribit().testRequestsAnswered();
        long begin = System.nanoTime();
        boolean came = stage.await(
                () -> stage.simulator().deribit().testRequestsAnswered() >= answered + HEARTBEATS,
                time.plus(bounds.allowance()));
        findings.time(
                "deribit: " + HEARTBEATS + " heartbeats answered",
                came ? Optional.of(since(begin)) : Optional.empty(),
                time.plus(bounds.allowance()));
        findings.equal(
                "deribit: heartbeats left unanswered",
                stage.simulator().deribit().testRequestsLost(),
                0L);
    }

    static void reset(Stage stage, Findings findings) throws InterruptedException {
        strike(stage, findings, Faults::reset, Bounds::told);
    }

    static void serverCloses(Stage stage, Findings findings) throws InterruptedException {
        strike(stage, findings, faults -> faults.close(1001, "going away"), Bounds::told);
    }

    static void halfOpen(Stage stage, Findings findings) throws InterruptedException {
        strike(stage, findings, Faults::halfOpen, Bounds::silent);
    }

    static void heartbeatsWithheld(Stage stage, Findings findings) throws InterruptedException {
        strike(stage, findings, faults -> faults.onOpen().withholdHeartbeats(), Bounds::beatless);
        stage.simulator().faults().clear();
    }

    /** One fault to both clients, each noticed and repaired in its own time. */
    private static void strike(
            Stage stage, Findings findings, Function<Faults, Fault> blow, Function<Bounds, Duration> noticed)
            throws InterruptedException {
        List<Fault> faults = new ArrayList<>();
        for (Target target : Target.EXCHANGES) {
            faults.add(blow.apply(stage.faults(target)));
        }
        for (int i = 0; i < faults.size(); i++) {
            Target target = Target.EXCHANGES.get(i);
            Bounds bounds = stage.bounds(target);
            lossAndReturn(stage, findings, target, faults.get(i), noticed.apply(bounds), bounds.back());
        }
    }

    private static Optional<Sighting> lossAndReturn(
            Stage stage, Findings findings, Target target, Fault fault, Duration noticed, Duration back)
            throws InterruptedException {
        findings.closes(target, fault.connections().size());
        Optional<Sighting> lost = stage.await(target, Type.LOST, fault.nanos(), noticed);
        findings.time(target.id() + ": noticed" + because(lost), lost.map(s -> since(fault, s.nanos())), noticed);
        if (lost.isPresent()) {
            data(stage, findings, target, fault, lost.get().event().connection(), noticed.plus(back));
        }
        return lost;
    }

    private static void data(
            Stage stage, Findings findings, Target target, Fault fault, long afterConnection, Duration bound) {
        Optional<Arrival> data = stage.awaitData(target, afterConnection, bound);
        findings.time(target.id() + ": data again", data.map(a -> since(fault, a.nanos())), bound);
    }

    private static String because(Optional<Sighting> lost) {
        return lost.flatMap(s -> s.event().cause())
                .map(cause -> ", " + cause.kind())
                .orElse("");
    }

    /** Every attempt fails until the endpoint is there again, 20 s later. */
    static void refused(Stage stage, Findings findings) throws InterruptedException {
        Fault gone = stage.simulator().faults().refuseFor(REFUSED);
        for (Target target : Target.EXCHANGES) {
            Fault cut = stage.faults(target).reset();
            findings.closes(target, cut.connections().size());
        }
        for (Target target : Target.EXCHANGES) {
            Bounds bounds = stage.bounds(target);
            Optional<Sighting> lost = stage.await(target, Type.LOST, gone.nanos(), bounds.told());
            findings.time(
                    target.id() + ": noticed" + because(lost), lost.map(s -> since(gone, s.nanos())), bounds.told());
            Duration back = bounds.backAfter(REFUSED);
            if (lost.isPresent()) {
                data(stage, findings, target, gone, lost.get().event().connection(), back);
            }
            findings.atLeast(
                    target.id() + ": failed attempts meanwhile",
                    stage.sightings().count(target, Type.CONNECT_FAILED, gone.nanos()),
                    1);
        }
    }

    /** The next three connections open and are closed at once: none of them may count as a recovery. */
    static void acceptedThenClosed(Stage stage, Findings findings) throws InterruptedException {
        Target target = Target.DERIBIT;
        Bounds bounds = stage.bounds(target);
        stage.faults(target).upgrades(CLOSED_AT_ONCE, Upgrade.openThenClose(1013, "try again later"));
        long last = stage.client(target).metrics().connection();
        Fault cut = stage.faults(target).reset();
        findings.closes(target, cut.connections().size() + CLOSED_AT_ONCE);
        Duration back = bounds.backAfter(CLOSED_AT_ONCE);
        data(stage, findings, target, cut, last + CLOSED_AT_ONCE, back);
        findings.equal(
                target.id() + ": losses", stage.sightings().count(target, Type.LOST, cut.nanos()), 1L + CLOSED_AT_ONCE);
    }

    /** The server goes on sending but reads no more; the client finds out because it has something to say. */
    static void peerStopsReading(Stage stage, Findings findings) throws InterruptedException {
        Target target = Target.BINANCE;
        Bounds bounds = stage.bounds(target);
        Fault deaf = stage.faults(target).onOpen().stopReading();
        fill(stage.client(target), bounds.stuck());
        Optional<Sighting> lost = lossAndReturn(stage, findings, target, deaf, bounds.stuck(), bounds.back());
        findings.equal(
                target.id() + ": cause",
                lost.flatMap(s -> s.event().cause())
                        .map(Cause::kind)
                        .map(Enum::name)
                        .orElse("none"),
                Cause.Kind.WRITE_TIMEOUT.name());
    }

    /**
     * Until a message is not taken over by the system, as its buffers are full. Not sooner: one that is only late on a busy machine
     * leaves nothing stuck.
     */
    private static void fill(WebSocketClient client, Duration limit) throws InterruptedException {
        String bulk = "x".repeat(BULK);
        for (int i = 0; i < MOST_BULKS; i++) {
            try {
                client.send(bulk).toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // Stuck; why the connection ends of it is looked at next.
                return;
            }
        }
        throw new IllegalStateException(
                "the system took " + (long) BULK * MOST_BULKS + " bytes for a peer that does not read");
    }

    private static Duration since(Fault fault, long nanos) {
        return Duration.ofNanos(Math.max(0, nanos - fault.nanos()));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
