// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.OpenMessage;
import io.holdfast.api.heartbeat.Expectation;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatState;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.client.core.HeartbeatMonitor;
import io.holdfast.client.core.HeartbeatMonitor.Finding;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.TimerGrid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The mailbox's side of one open connection: its set-up and the watch over its heartbeats. Confined to the mailbox. */
final class LiveConnection {
    /** Called on the mailbox. */
    interface Owner {
        void setupDone(long connection);

        void dead(long connection, Cause cause);

        /** The number of answers missing in a row is another one now. */
        void missed();
    }

    /** By how much a check may come later than it is due, at most and of its delay, so that clients share wake-ups. */
    private static final long MOST_SLACK = Duration.ofMillis(100).toNanos();

    private static final int SLACK_DIVISOR = 32;

    private final Connection connection;
    private final Ids ids;
    private final Owner owner;
    private final Supplier<ClientOptions> options;
    private final Environment environment;
    private final Executor mailbox;
    private final HeartbeatMonitor monitor;
    private final Optional<ExchangeSession> session;

    /** Let go when it is done: then there is only what was acknowledged. */
    private SetupRun setup;

    private List<String> acknowledged = List.of();

    /** What comes after the session; null without one, before its turn, and when it is done. */
    private SetupRun openMessages;

    private HeartbeatProfile profile;
    private Cancellable tick = Cancellable.NONE;
    private boolean greeted;
    private boolean confirming;
    private boolean ended;

    LiveConnection(
            Connection connection,
            Ids ids,
            HeartbeatProfile profile,
            Optional<ExchangeSession> session,
            Supplier<ClientOptions> options,
            Environment environment,
            Executor mailbox,
            Owner owner) {
        this.connection = connection;
        this.profile = profile;
        this.options = options;
        this.environment = environment;
        this.mailbox = mailbox;
        this.owner = owner;
        this.monitor = new HeartbeatMonitor(profile, environment.nanoTime());
        this.session = session;
        List<SetupStep> steps = new ArrayList<>(profile.setup());
        if (session.isEmpty()) {
            steps.addAll(openMessages(options.get()));
        }
        this.ids = ids;
        this.setup = run(steps, this::heartbeatDone);
    }

    private SetupRun run(List<SetupStep> steps, Runnable onDone) {
        return new SetupRun(connection, ids, environment, mailbox, steps, acknowledged, onDone, this::failed);
    }

    private static List<SetupStep> openMessages(ClientOptions options) {
        List<SetupStep> steps = new ArrayList<>();
        int i = 0;
        for (OpenMessage m : options.openMessages()) {
            i++;
            steps.add(new SetupStep(
                    SetupStep.PUBLIC_SUBSCRIPTIONS,
                    "open.messages[" + i + "]",
                    m.text(),
                    m.expect().map(e -> new Expectation(List.of(e), List.of(), false)),
                    m.limit()));
        }
        return steps;
    }

    Connection connection() {
        return connection;
    }

    int missed() {
        return monitor.missed();
    }

    HeartbeatState state() {
        return new HeartbeatState(
                connection.number,
                setup == null ? acknowledged : setup.acknowledged(),
                connection.sinceBeat(environment.nanoTime()));
    }

    void begin() {
        connection.traffic.opened(environment.nanoTime());
        if (session.isPresent()) {
            session.get().begin();
        } else {
            setup.begin();
        }
        check();
    }

    /** The session has said its greeting. */
    void greeted() {
        if (!ended) {
            greeted = true;
            setup.begin();
        }
    }

    /** Signs of life are owed from here on, so that a slow log-in is watched already. */
    private void heartbeatDone() {
        acknowledged = setup.acknowledged();
        setup = null;
        if (session.isEmpty()) {
            setUp();
        } else if (!ended) {
            monitor.setUp(environment.nanoTime());
            check();
            session.get().heartbeatDone();
        }
    }

    /** The session is set up. */
    void sessionReady() {
        if (!ended) {
            openMessages = run(openMessages(options.get()), this::setUp);
            openMessages.begin();
        }
    }

    /** Another heartbeat on the same connection. */
    void swap(HeartbeatProfile next, FrameMatcher matcher) {
        profile = next;
        connection.matcher(matcher);
        monitor.swap(next, environment.nanoTime());
        if (greeted || session.isEmpty()) {
            insert(next.setup());
        } else {
            setup.replace(next.setup());
        }
        check();
    }

    private void insert(List<SetupStep> steps) {
        boolean done = setup == null;
        if (done) {
            setup = run(List.of(), this::heartbeatDone);
        }
        if (!setup.insert(steps) && done) {
            setup = null;
        }
    }

    void beatAnswered() {
        monitor.beatAnswered();
        check();
    }

    private void beatWritten() {
        monitor.beatWritten(environment.nanoTime());
        check();
    }

    void end() {
        ended = true;
        tick.cancel();
        if (setup != null) {
            setup.end();
        }
        if (openMessages != null) {
            openMessages.end();
        }
        session.ifPresent(ExchangeSession::end);
    }

    private void setUp() {
        openMessages = null;
        if (ended) {
            return;
        }
        monitor.setUp(environment.nanoTime());
        owner.setupDone(connection.number);
        check();
    }

    private void failed(Cause cause) {
        if (!ended) {
            owner.dead(connection.number, cause);
        }
    }

    private void check() {
        if (ended || confirming) {
            return;
        }
        tick.cancel();
        Finding finding = check(environment.nanoTime());
        while (finding instanceof Finding.Beat) {
            long now = environment.nanoTime();
            monitor.beatSent(now);
            connection.beat(profile.beat().orElseThrow(), now, new WhenSent(mailbox, this::beatWritten));
            finding = check(now);
        }
        if (finding instanceof Finding.Suspect) {
            confirm();
        } else if (finding instanceof Finding.Next next && next.nanos() != Long.MAX_VALUE) {
            long now = environment.nanoTime();
            long due = TimerGrid.atOrAfter(now + next.nanos(), Math.min(MOST_SLACK, next.nanos() / SLACK_DIVISOR));
            tick = environment.schedule(due - now, () -> mailbox.execute(() -> tick(due)));
        }
    }

    private void tick(long due) {
        monitor.late(connection.traffic, due, environment.nanoTime());
        check();
    }

    private Finding check(long now) {
        int before = monitor.missed();
        Finding finding = monitor.check(connection.traffic, options.get().idleTimeout(), now);
        if (monitor.missed() != before) {
            owner.missed();
        }
        return finding;
    }

    /** A silence that began while the process was paused is ours; one more read pass tells. */
    private void confirm() {
        confirming = true;
        connection.afterReadPass(() -> mailbox.execute(this::confirmed));
    }

    private void confirmed() {
        confirming = false;
        if (ended) {
            return;
        }
        Finding finding = check(environment.nanoTime());
        if (finding instanceof Finding.Suspect suspect) {
            owner.dead(connection.number, Cause.of(Cause.Kind.HEARTBEAT, suspect.why()));
        } else {
            check();
        }
    }
}
