// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.client.endpoint.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All decisions about one client's connections. No clock, thread or socket: {@code now} is an argument, what is to be done
 * is returned. Confined to the client's mailbox.
 *
 * <p>Back-off, floor and last cause belong to the client and live on over incarnations, so that a restart never earns an
 * early attempt; only the count of attempts against the limit begins anew with each incarnation.
 */
public final class ConnectionMachine {
    static final Duration PROTOCOL_DELAY = Duration.ofSeconds(5);
    static final int PROTOCOL_LIMIT = 3;

    private final Chance chance;
    private ConnectionPolicy policy;
    private Phase phase = Phase.IDLE;
    private boolean gateOpen;
    private boolean owned;
    private long incarnation;
    private long connection;

    /** Of the connections there were, those beside the current one too. */
    private long newest;

    /** The back-off of a start that waits at the gate runs on meanwhile. */
    private long gatedUntil;

    private final RetryState retries = new RetryState();
    private Optional<Long> interruptedAt = Optional.empty();
    private Optional<Cause> lastCause = Optional.empty();

    private Input.Close close;

    private final Outbox out = new Outbox();
    private final Rotation rotation;

    /** When the current connection became ready, and which part of the jitter is its. */
    private long readyAt;

    private double share;
    private long now;

    public ConnectionMachine(ConnectionPolicy policy, Chance chance) {
        this.policy = policy;
        this.chance = chance;
        this.rotation = new Rotation(out, chance, retries, () -> ++newest);
    }

    public Phase phase() {
        return phase;
    }

    public long incarnation() {
        return incarnation;
    }

    /** Number of the current connection or attempt. */
    public long connection() {
        return connection;
    }

    /** Failed attempts of this incarnation. */
    public int attempts() {
        return retries.attempts();
    }

    public Optional<Cause> lastCause() {
        return lastCause;
    }

    /** Why the last try to replace the connection came to nothing; empty when none did or one succeeded since. */
    public Optional<Cause> rotationTrouble() {
        return rotation.trouble();
    }

    /** @param now monotonic nanoseconds */
    public List<Output> handle(Input input, long now) {
        this.now = now;
        out.begin();
        if (phase == Phase.CLOSED) {
            if (input instanceof Input.Crash) {
                out.add(new Output.Ended(lastCause.orElseThrow()));
            } else if (!(input instanceof Input.Close)) {
                stale(input);
            }
            return out.outputs();
        }
        if (input instanceof Input.OfConnection i && rotation.owns(i.connection())) {
            beside(i);
        } else if (input instanceof Input.Start i) {
            start(i.incarnation());
        } else if (input instanceof Input.Stop i) {
            stop(i.limit());
        } else if (input instanceof Input.Close i) {
            close(i);
        } else if (input instanceof Input.Reconnect i) {
            reconnect(i.cause());
        } else if (input instanceof Input.Rotate i) {
            rotate(i);
        } else if (input instanceof Input.Redirect i) {
            redirect(i.cause());
        } else if (input instanceof Input.Gate i) {
            gate(i.open());
        } else if (input instanceof Input.PermitGranted i) {
            granted(i);
        } else if (input instanceof Input.Opened i) {
            opened(i);
        } else if (input instanceof Input.ConnectFailed i) {
            connectFailed(i);
        } else if (input instanceof Input.SetupDone i) {
            setupDone(i);
        } else if (input instanceof Input.Dead i) {
            dead(i);
        } else if (input instanceof Input.Judged i) {
            judged(i);
        } else if (input instanceof Input.DataBegins i) {
            dataBegins(i);
        } else if (input instanceof Input.Closed i) {
            closed(i);
        } else if (input instanceof Input.TimerFired i) {
            timer(i);
        } else if (input instanceof Input.PolicyChanged i) {
            changed(i.policy());
        } else if (input instanceof Input.Owned i) {
            owned(i.owned());
        } else if (input instanceof Input.Crash i) {
            crash(i.description());
        }
        return out.outputs();
    }

    private void stale(Input input) {
        boolean ofConnection = input instanceof Input.OfConnection
                && !(input instanceof Input.PermitGranted)
                && !(input instanceof Input.DataBegins)
                && !(input instanceof Input.Rotate);
        if (ofConnection) {
            out.add(new Output.Stale());
        }
        if (input instanceof Input.Opened late) {
            out.add(new Output.Abort(late.connection()));
        }
    }

    // --- orders

    private void start(long number) {
        if (phase != Phase.IDLE && phase != Phase.EXITED) {
            return;
        }
        incarnation = number;
        retries.incarnationBegan();
        publish(Type.STARTED);
        phase = Phase.GATED;
        gatedUntil = now + retries.backoff(policy.reconnect(), chance.random()).toNanos();
        if (gateOpen) {
            attemptAfter(Duration.ofNanos(gatedUntil - now));
        }
    }

    private void gate(boolean open) {
        gateOpen = open;
        if (open && phase == Phase.GATED) {
            attemptAfter(Duration.ofNanos(gatedUntil - now));
        }
    }

    private void stop(Duration limit) {
        rotation.cancel();
        switch (phase) {
            case IDLE, EXITED -> {
                phase = Phase.IDLE;
                out.add(new Output.Stopped());
            }
            case SETTING_UP, READY -> {
                if (limit.isZero()) {
                    out.add(new Output.Abort(connection));
                    stopped();
                } else {
                    handshake(Phase.STOPPING, 1001, "stopped", min(limit, policy.closeTimeout()));
                }
            }
            case RECONNECTING, STOPPING -> {
                phase = Phase.STOPPING;
                if (limit.isZero()) {
                    out.add(new Output.Abort(connection));
                    stopped();
                }
            }
            case CLOSING, CLOSED -> {
                // Ends anyway; whoever waits for the stop is told by Ended.
            }
            default -> {
                leaveAttempt();
                stopped();
            }
        }
    }

    private void stopped() {
        lostForGood(Cause.of(Cause.Kind.SHUTDOWN, "stopped"));
        out.disarm(TimerKind.HANDSHAKE);
        phase = Phase.IDLE;
        out.add(new Output.Stopped());
    }

    private void close(Input.Close order) {
        if (phase == Phase.CLOSING) {
            return;
        }
        close = order;
        rotation.cancel();
        if (phase.open()) {
            handshake(Phase.CLOSING, order.code(), order.reason(), policy.closeTimeout());
        } else if (phase.handshaking()) {
            phase = Phase.CLOSING;
        } else {
            leaveAttempt();
            end();
        }
    }

    private void end() {
        lastCause = Optional.of(close.cause());
        out.disarm(TimerKind.HANDSHAKE);
        phase = Phase.CLOSED;
        publish(Type.CLOSED, close.cause());
        out.add(new Output.Ended(close.cause()));
    }

    private void reconnect(Cause cause) {
        if (phase.open()) {
            rotation.cancel();
            lastCause = Optional.of(cause);
            handshake(Phase.RECONNECTING, 1000, "reconnect", policy.closeTimeout());
        } else if (phase == Phase.BACKOFF) {
            out.disarm(TimerKind.BACKOFF);
            attemptAfter(Duration.ZERO);
        }
    }

    private void redirect(Cause cause) {
        if (phase == Phase.PERMIT || phase == Phase.CONNECTING) {
            leaveAttempt();
            attemptAfter(Duration.ZERO);
        } else {
            reconnect(cause);
        }
    }

    private void handshake(Phase next, int code, String reason, Duration limit) {
        phase = next;
        out.add(new Output.CloseHandshake(connection, code, reason));
        out.arm(TimerKind.HANDSHAKE, limit);
    }

    /** Gives up whatever attempt, permit or delay there is. */
    private void leaveAttempt() {
        switch (phase) {
            case PERMIT -> out.add(new Output.CancelPermit());
            case CONNECTING -> {
                out.disarm(TimerKind.CONNECT);
                out.add(new Output.Abort(connection));
                out.add(new Output.ReleasePermit());
            }
            case BACKOFF -> out.disarm(TimerKind.BACKOFF);
            default -> {
                // nothing under way
            }
        }
    }

    private void owned(boolean nowOwned) {
        if (nowOwned && !owned) {
            retries.ownerCame();
        }
        owned = nowOwned;
    }

    /** Of the step that failed nothing may have been carried out, so whoever waits for its outcome is told here. */
    private void crash(String description) {
        Cause cause = Cause.of(Cause.Kind.CRASH, description);
        rotation.cancel();
        if (phase == Phase.IDLE) {
            out.add(new Output.Stopped());
            return;
        }
        lastCause = Optional.of(cause);
        if (phase.open() || phase.handshaking()) {
            out.add(new Output.Abort(connection));
            interrupted(cause);
        } else {
            leaveAttempt();
        }
        out.disarm(TimerKind.HANDSHAKE);
        switch (phase) {
            case CLOSING -> end();
            case STOPPING -> {
                phase = Phase.IDLE;
                out.add(new Output.Stopped());
            }
            default -> {
                retries.failedOtherwise();
                exit(ExitReason.Kind.CRASH, cause);
            }
        }
    }

    // --- attempts

    /** Not before the floor has passed since the last attempt began. */
    private void attemptAfter(Duration wish) {
        Duration delay = retries.notBeforeFloor(wish, policy.reconnect(), now);
        if (delay.isZero() || delay.isNegative()) {
            requestPermit();
            return;
        }
        phase = Phase.BACKOFF;
        publish(Type.RECONNECTING, lastCause, delay);
        out.arm(TimerKind.BACKOFF, delay);
    }

    private void requestPermit() {
        connection = ++newest;
        phase = Phase.PERMIT;
        out.add(new Output.RequestPermit(connection, retries.lastWasStable()));
    }

    private void granted(Input.PermitGranted i) {
        if (phase != Phase.PERMIT || i.connection() != connection) {
            // A permit that crossed its cancellation; the endpoint group has taken it back.
            return;
        }
        retries.attemptBegan(now);
        phase = Phase.CONNECTING;
        publish(Type.CONNECTING);
        out.arm(TimerKind.CONNECT, policy.connectLimit());
        out.add(new Output.Connect(connection, false));
    }

    private void opened(Input.Opened i) {
        if (phase != Phase.CONNECTING || i.connection() != connection) {
            stale(i);
            return;
        }
        out.disarm(TimerKind.CONNECT);
        retries.opened(now);
        phase = Phase.SETTING_UP;
        publish(Type.CONNECTED);
        out.add(new Output.BeginSetup(connection));
    }

    private void setupDone(Input.SetupDone i) {
        if (phase != Phase.SETTING_UP || i.connection() != connection) {
            // Steps that a heartbeat adds to a living connection are done again when it is ready already.
            if (!phase.handshaking() && !(phase == Phase.READY && i.connection() == connection)) {
                stale(i);
            }
            return;
        }
        phase = Phase.READY;
        publish(Type.READY);
        resumed();
        ages();
    }

    private void resumed() {
        interruptedAt.ifPresent(at -> out.add(new Output.Resumed(connection, Duration.ofNanos(now - at))));
        interruptedAt = Optional.empty();
    }

    /** Whoever is told of the end of the break is told before the data. */
    private void dataBegins(Input.DataBegins i) {
        if (phase == Phase.SETTING_UP && i.connection() == connection) {
            resumed();
        }
    }

    private void connectFailed(Input.ConnectFailed i) {
        if (phase != Phase.CONNECTING || i.connection() != connection) {
            stale(i);
            return;
        }
        attemptFailed(i.failure());
    }

    private void attemptFailed(ConnectFailure failure) {
        out.disarm(TimerKind.CONNECT);
        out.add(new Output.ReleasePermit());
        Verdict verdict = Causes.failed(
                failure, policy.reconnect().maximum(), policy.reconnect().retryAfterMax(), chance.wallTime());
        lastCause = Optional.of(verdict.cause());
        retries.attemptFailed();
        publish(Type.CONNECT_FAILED, verdict.cause());
        follow(verdict);
    }

    // --- ends

    private void dead(Input.Dead i) {
        if (!phase.open() || i.connection() != connection) {
            if (!phase.handshaking() || i.connection() != connection) {
                stale(i);
            }
            return;
        }
        out.add(new Output.Abort(connection));
        lost(Verdict.of(Verdict.Kind.RETRY, i.cause()));
    }

    private void judged(Input.Judged i) {
        if (!phase.open() || i.connection() != connection) {
            if (!phase.handshaking() || i.connection() != connection) {
                stale(i);
            }
            return;
        }
        out.add(new Output.Abort(connection));
        lost(verdict(i));
    }

    private Verdict verdict(Input.Judged i) {
        Duration most = policy.reconnect().retryAfterMax();
        Duration pause = i.pause().isZero() ? policy.reconnect().maximum() : i.pause();
        return i.judgement() == Input.Judgement.REFUSED
                ? Verdict.of(Verdict.Kind.REFUSED, i.cause())
                : new Verdict(Verdict.Kind.WAIT, i.cause(), Optional.of(pause.compareTo(most) > 0 ? most : pause));
    }

    private void closed(Input.Closed i) {
        if (i.connection() != connection || !(phase.open() || phase.handshaking())) {
            stale(i);
            return;
        }
        if (phase.handshaking()) {
            out.disarm(TimerKind.HANDSHAKE);
            handshakeOver();
        } else {
            lost(Causes.closed(i.info(), policy.fatalCloseCodes()));
        }
    }

    private void handshakeOver() {
        switch (phase) {
            case RECONNECTING -> {
                interrupted(lastCause.orElseThrow());
                retries.connectionEnded(policy.reconnect(), now);
                attemptAfter(Duration.ZERO);
            }
            case STOPPING -> stopped();
            default -> {
                lostForGood(close.cause());
                end();
            }
        }
    }

    private void lost(Verdict verdict) {
        lastCause = Optional.of(verdict.cause());
        interrupted(verdict.cause());
        boolean stable = retries.connectionEnded(policy.reconnect(), now);
        if (rotation.upcoming() && verdict.kind() == Verdict.Kind.RETRY) {
            if (!stable) {
                retries.failed();
            }
            inherit();
            return;
        }
        rotation.cancel();
        if (stable && verdict.kind() == Verdict.Kind.RETRY) {
            attemptAfter(firstDelay());
        } else {
            follow(verdict);
        }
    }

    private Duration firstDelay() {
        return chance.takeBurst() ? Duration.ZERO : Backoff.first(policy.reconnect(), chance.random());
    }

    private void interrupted(Cause cause) {
        out.add(new Output.ReleasePermit());
        out.disarm(TimerKind.AGE);
        publish(Type.LOST, cause);
        if (interruptedAt.isEmpty()) {
            interruptedAt = Optional.of(now);
        }
        out.add(new Output.Interrupted(connection, cause));
    }

    /** The open connection, if there was one, has ended on purpose. */
    private void lostForGood(Cause cause) {
        if (phase.open() || phase.handshaking()) {
            interrupted(cause);
            retries.connectionEnded(policy.reconnect(), now);
        }
    }

    private void follow(Verdict verdict) {
        switch (verdict.kind()) {
            case REFUSED -> {
                retries.failedOtherwise();
                exit(ExitReason.Kind.REFUSED, verdict.cause());
            }
            case WAIT -> {
                Duration wait = verdict.told().orElse(policy.reconnect().maximum());
                out.add(new Output.Ban(wait, verdict.cause()));
                retries.failedOtherwise();
                boolean toldNothing =
                        wait.isZero() || wait.compareTo(policy.reconnect().floor()) < 0;
                attemptAfter(toldNothing ? retries.backoff(policy.reconnect(), chance.random()) : wait);
            }
            case LATER -> attemptAfter(policy.reconnect().initial());
            case PROTOCOL -> {
                if (retries.protocolBroken() >= PROTOCOL_LIMIT) {
                    exit(ExitReason.Kind.PROTOCOL, verdict.cause());
                } else {
                    retry(verdict.cause(), PROTOCOL_DELAY);
                }
            }
            case RETRY -> {
                retries.failed();
                retry(verdict.cause(), Duration.ZERO);
            }
        }
    }

    private void retry(Cause cause, Duration atLeast) {
        boolean mayEnd = owned || !policy.endlessUnlessOwned();
        if (mayEnd && retries.exhausted(policy.reconnect())) {
            exit(ExitReason.Kind.FAILED, cause);
            return;
        }
        Duration delay = retries.backoff(policy.reconnect(), chance.random());
        attemptAfter(delay.compareTo(atLeast) < 0 ? atLeast : delay);
    }

    private void exit(ExitReason.Kind kind, Cause cause) {
        phase = Phase.EXITED;
        publish(Type.EXITED, cause);
        int attempts = retries.attempts();
        String after = attempts > 0 ? " after " + attempts + " attempts" : "";
        out.add(new Output.Exited(new ExitReason(kind, cause + after), cause, attempts));
    }

    // --- rotation

    private void rotate(Input.Rotate order) {
        boolean meant = order.connection() == 0 || order.connection() == connection;
        if (meant && phase == Phase.READY) {
            rotation.begin(order.cause(), order.atOnce(), policy, now);
        } else if (meant) {
            reconnect(order.cause());
        }
    }

    /** What happens to the connection beside the current one. */
    private void beside(Input.OfConnection input) {
        boolean expected = true;
        if (input instanceof Input.PermitGranted) {
            rotation.granted(policy, now);
        } else if (input instanceof Input.Opened) {
            expected = rotation.opened();
        } else if (input instanceof Input.ConnectFailed i) {
            expected = rotation.connectFailed(i.failure(), policy, now);
        } else if (input instanceof Input.DataBegins) {
            rotation.dataBegins();
        } else if (input instanceof Input.SetupDone) {
            takeOver();
        } else if (input instanceof Input.Rotate i) {
            if (rotation.upcoming()) {
                expected = rotation.ended(Verdict.of(Verdict.Kind.RETRY, i.cause()), policy, now);
            }
        } else if (input instanceof Input.Dead i) {
            expected = rotation.ended(Verdict.of(Verdict.Kind.RETRY, i.cause()), policy, now);
        } else if (input instanceof Input.Judged i) {
            expected = rotation.ended(verdict(i), policy, now);
        } else if (input instanceof Input.Closed i) {
            expected = rotation.ended(Causes.closed(i.info(), policy.fatalCloseCodes()), policy, now);
        } else if (input instanceof Input.Drained) {
            rotation.leave(policy);
        }
        if (!expected) {
            stale(input);
        }
    }

    private void takeOver() {
        if (phase != Phase.READY || !rotation.settingUp()) {
            // Steps that a heartbeat adds are done again when it is ready, or drains, already.
            return;
        }
        retries.connectionEnded(policy.reconnect(), now);
        retries.opened(now);
        connection = rotation.replace(connection, policy);
        ages();
    }

    /** Like any recovery, but that the attempt is under way already. */
    private void inherit() {
        Rotation.Heir heir = rotation.inherit();
        connection = heir.number();
        phase = heir.phase();
        out.add(new Output.Inherit(connection));
        if (phase == Phase.PERMIT) {
            return;
        }
        publish(Type.CONNECTING);
        if (phase == Phase.CONNECTING) {
            out.arm(TimerKind.CONNECT, policy.connectLimit());
            return;
        }
        retries.opened(now);
        publish(Type.CONNECTED);
        if (heir.dataBegun()) {
            resumed();
        }
    }

    private void ages() {
        readyAt = now;
        share = chance.random().nextDouble();
        armAge();
    }

    private void armAge() {
        RotationPolicy r = policy.rotation();
        if (r.after().isZero()) {
            out.disarm(TimerKind.AGE);
            return;
        }
        long age = (long) (r.after().toNanos() * (1 - r.jitter() * share));
        out.arm(TimerKind.AGE, Duration.ofNanos(Math.max(0, age - (now - readyAt))));
    }

    private void changed(ConnectionPolicy next) {
        RotationPolicy before = policy.rotation();
        policy = next;
        boolean other = !before.after().equals(next.rotation().after())
                || before.jitter() != next.rotation().jitter();
        if (other && phase == Phase.READY) {
            armAge();
        }
    }

    // --- timers

    private void timer(Input.TimerFired i) {
        if (!out.fired(i)) {
            return;
        }
        switch (i.kind()) {
            case BACKOFF -> {
                if (phase == Phase.BACKOFF) {
                    requestPermit();
                }
            }
            case CONNECT -> {
                if (phase == Phase.CONNECTING) {
                    out.add(new Output.Abort(connection));
                    attemptFailed(ConnectFailure.of(
                            ConnectFailure.Kind.TIMEOUT, "no result of the attempt within its limit"));
                }
            }
            case HANDSHAKE -> {
                if (phase.handshaking()) {
                    out.add(new Output.Abort(connection));
                    handshakeOver();
                }
            }
            case ROTATION -> rotation.timer(policy, now);
            case AGE -> {
                if (phase == Phase.READY) {
                    rotation.begin(Cause.of(Cause.Kind.AGE, "rotate.after has passed"), false, policy, now);
                    // Should the try be given up for another reason, the connection is no younger.
                    out.arm(TimerKind.AGE, policy.rotation().after());
                }
            }
        }
    }

    private void publish(Type type) {
        publish(type, Optional.empty(), Duration.ZERO);
    }

    private void publish(Type type, Cause cause) {
        publish(type, Optional.of(cause), Duration.ZERO);
    }

    private void publish(Type type, Optional<Cause> cause, Duration delay) {
        out.publish(type, connection, cause, delay, retries.attempts() + 1);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
