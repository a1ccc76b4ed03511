// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Phase;
import io.holdfast.client.engine.TransitionObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sees every step, attempt and event of a simulation and notes each breach of a rule. */
final class Checker implements TransitionObserver, SimulatedTransport.Watch {
    record Violation(Rule rule, String text) {}

    /** Made into text only when somebody reads it. */
    private record Line(Duration at, Object... parts) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(String.format("%10.3f s  ", at.toNanos() / 1e9));
            for (Object part : parts) {
                text.append(part);
            }
            return text.toString();
        }
    }

    private static final int TIMELINE = 300;
    private static final int TIMERS_PER_CLIENT = 40;
    private static final int VIOLATIONS = 20;

    private final VirtualEnvironment environment;
    private final Map<String, ClientHistory> histories = new LinkedHashMap<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Deque<Line> timeline = new ArrayDeque<>();
    final List<Violation> violations = new ArrayList<>();
    final Coverage coverage = new Coverage();
    final BudgetChecker budgets;

    /** Connections of each client: more than any lane lags behind. */
    int remembered = 1000;

    /** Every line is kept and printed at once. */
    boolean verbose;

    /** The last stall or several that overlap, and all time of those before. */
    private long stalledSince = VirtualEnvironment.ORIGIN - Duration.ofDays(1).toNanos();

    private long stalledUntil = stalledSince;
    private long stalledBefore;
    private String crashing = "";

    /** Told of each step after it was checked. */
    TransitionObserver next = TransitionObserver.NONE;

    Checker(VirtualEnvironment environment) {
        this.environment = environment;
        this.budgets = new BudgetChecker(this);
    }

    // --- the process's own time

    /** The process, or a part of it, stands still for that long from now. */
    void stalled(Duration span) {
        long now = environment.nanoTime();
        if (now >= stalledUntil) {
            stalledBefore += Math.max(0, stalledUntil - stalledSince);
            stalledSince = now;
        }
        stalledUntil = Math.max(stalledUntil, now + span.toNanos());
    }

    /** A task has just taken that long, and nothing else could run meanwhile. */
    void busy(Duration span) {
        long now = environment.nanoTime();
        if (now >= stalledUntil) {
            stalledBefore += Math.max(0, stalledUntil - stalledSince);
            stalledSince = now - span.toNanos();
            stalledUntil = now;
        }
    }

    /** When the last stall ends or ended. */
    long stalledUntil() {
        return stalledUntil;
    }

    long now() {
        return environment.nanoTime();
    }

    /** Time in which all of the process could do something. */
    long processTime() {
        long now = environment.nanoTime();
        return now - stalledBefore - Math.max(0, Math.min(now, stalledUntil) - stalledSince);
    }

    // --- notes

    /** @param parts of the text; immutable, as they are put together only when somebody reads it */
    void note(Object... parts) {
        Line line = new Line(environment.elapsed(), parts);
        if (verbose) {
            System.out.println(line);
        }
        if (timeline.size() == TIMELINE) {
            timeline.removeFirst();
        }
        timeline.add(line);
    }

    void violated(Rule rule, String text) {
        note("VIOLATED ", rule, ": ", text);
        if (violations.size() < VIOLATIONS) {
            violations.add(new Violation(rule, text));
        }
    }

    List<String> timeline() {
        return timeline.stream().map(Line::toString).toList();
    }

    // --- what happens

    void created(SimulatedClient client) {
        clients.add(client);
        ClientHistory history = new ClientHistory(client.id, this);
        histories.put(client.id, history);
        if (client.session()) {
            client.lane.follows(
                    new StreamChecker(history.arrivals, text -> violated(Rule.CONTINUITY, client.id + ": " + text)));
        }
    }

    ClientHistory history(String id) {
        return histories.get(id);
    }

    @Override
    public void attempt(String clientId, String host, SimulatedConnection connection) {
        note(clientId, " connects to ", host);
        histories.get(clientId).attempt(host, connection);
        budgets.attempt(clientId, host);
    }

    @Override
    public void arrives(SimulatedConnection connection, String text) {
        NumberedFrame frame = NumberedFrame.of(text);
        if (frame != null) {
            histories.get(connection.clientId()).arrives(connection, frame);
        }
    }

    @Override
    public void step(String clientId, Phase before, Input input, Phase after) {
        coverage.step(before, input, after);
        if (before != after) {
            note(clientId, " ", before, " -> ", after, " by ", input);
        }
        histories.get(clientId).step(before, input, after);
        if (input instanceof Input.PermitGranted) {
            budgets.granted(clientId);
        }
        boolean crashes = crashing.equals(clientId);
        if (input instanceof Input.ConnectFailed failed
                && !crashes
                && (before == Phase.CONNECTING && after != before
                        || before == Phase.READY && histories.get(clientId).failsBeside(failed.connection()))) {
            budgets.refused(histories.get(clientId).host(), failed.failure());
        }
        next.step(clientId, before, input, after);
        if (crashes) {
            crashing = "";
            histories.get(clientId).crashes();
            note("*** the engine of ", clientId, " fails before it has carried out what follows from ", input);
            throw new IllegalStateException("simulated fault of the engine");
        }
    }

    /** The engine of that client fails within its next step, after it has decided and before it has done anything. */
    void crash(String clientId) {
        crashing = clientId;
    }

    void event(ConnectionEvent event) {
        coverage.event(event.type());
        histories.get(event.clientId()).event(event);
    }

    /** What can be seen at any time. */
    void check() {
        for (SimulatedClient client : clients) {
            histories.get(client.id).checkStopped();
            client.calls.check();
            ClientMetrics metrics = client.handle.metrics();
            long bound = client.mostMessages();
            if (metrics.queued() > bound) {
                violated(Rule.BOUNDED, client.id + " queues " + metrics.queued() + " messages, allowed are " + bound);
            }
            if (client.lane.missing() > metrics.dropped()) {
                violated(
                        Rule.BOUNDED,
                        client.id + " told " + client.lane.missing() + " missing messages, counted only "
                                + metrics.dropped());
            }
        }
        if (environment.pendingTimers() > TIMERS_PER_CLIENT * (clients.size() + 1)) {
            violated(Rule.BOUNDED, environment.pendingTimers() + " timers");
        }
    }
}
