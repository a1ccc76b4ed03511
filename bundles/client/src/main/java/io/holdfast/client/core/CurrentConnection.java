// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.client.endpoint.Backoff;
import java.time.Duration;
import java.util.Optional;

/**
 * The place of the current connection: how it comes to be, what happens to it, and what follows from its end. What is
 * ordered, and what an end by order leads to, is the machine's. Confined as the machine is.
 */
final class CurrentConnection {
    private final Outbox out;
    private final Chance chance;
    private final RetryState retries;
    private final Rotation rotation;
    private final Age age;

    private ConnectionPolicy policy;
    private Phase phase = Phase.IDLE;
    private boolean gateOpen;

    /** The back-off of a start that waits at the gate runs on meanwhile. */
    private long gatedUntil;

    private boolean owned;
    private long number;

    /** Of the connections there were, those beside the current one too. */
    private long newest;

    private Optional<Long> interruptedAt = Optional.empty();
    private Optional<Cause> lastCause = Optional.empty();

    /** Of the present input. */
    private long now;

    CurrentConnection(ConnectionPolicy policy, Chance chance, Outbox out) {
        this.policy = policy;
        this.chance = chance;
        this.out = out;
        this.retries = new RetryState();
        this.rotation = new Rotation(out, chance, retries, () -> ++newest);
        this.age = new Age(out, chance);
    }

    void at(long time) {
        now = time;
    }

    Phase phase() {
        return phase;
    }

    long number() {
        return number;
    }

    int attempts() {
        return retries.attempts();
    }

    Optional<Cause> lastCause() {
        return lastCause;
    }

    Rotation rotation() {
        return rotation;
    }

    void changed(ConnectionPolicy next) {
        RotationPolicy before = policy.rotation();
        policy = next;
        if (phase == Phase.READY) {
            age.changed(before, next.rotation(), now);
        }
    }

    void owned(boolean nowOwned) {
        if (nowOwned && !owned) {
            retries.ownerCame();
        }
        owned = nowOwned;
    }

    // --- what orders need

    void start() {
        retries.incarnationBegan();
        publish(Type.STARTED);
        phase = Phase.GATED;
        gatedUntil = now + retries.backoff(policy.reconnect(), chance.random()).toNanos();
        gate(gateOpen);
    }

    void gate(boolean open) {
        gateOpen = open;
        if (open && phase == Phase.GATED) {
            attemptAfter(Duration.ofNanos(gatedUntil - now));
        }
    }

    /** @param atMost shortens the limit of the options */
    void handshake(Phase next, int code, String reason, Optional<Duration> atMost) {
        Duration limit =
                atMost.filter(most -> most.compareTo(policy.closeTimeout()) < 0).orElse(policy.closeTimeout());
        phase = next;
        out.add(new Output.CloseHandshake(number, code, reason));
        out.arm(TimerKind.HANDSHAKE, limit);
    }

    /** The closing handshake that is under way leads to something else. */
    void divert(Phase next) {
        phase = next;
    }

    void abort() {
        out.add(new Output.Abort(number));
    }

    /** Nothing is open or under way any more. */
    void rest(Phase at) {
        out.disarm(TimerKind.HANDSHAKE);
        phase = at;
    }

    /** What the next end, or the one under way, is put down to. */
    void blame(Cause cause) {
        lastCause = Optional.of(cause);
    }

    /** The next attempt begins as soon as it may, in place of whatever attempt, permit or delay there is. */
    void attemptAnew() {
        leaveAttempt();
        attemptAfter(Duration.ZERO);
    }

    /** Gives up whatever attempt, permit or delay there is. */
    void leaveAttempt() {
        switch (phase) {
            case PERMIT -> out.add(new Output.CancelPermit());
            case CONNECTING -> {
                out.disarm(TimerKind.CONNECT);
                abort();
                out.add(new Output.ReleasePermit());
            }
            case BACKOFF -> out.disarm(TimerKind.BACKOFF);
            default -> {
                // nothing under way
            }
        }
    }

    /** The open connection, if there was one, has ended on purpose. */
    void lostForGood(Cause cause) {
        if (phase.open() || phase.handshaking()) {
            interrupted(cause);
            retries.connectionEnded(policy.reconnect(), now);
        }
    }

    /** Whatever is open or under way is of no use any more. */
    void crashed(Cause cause) {
        blame(cause);
        if (phase.open() || phase.handshaking()) {
            abort();
            interrupted(cause);
        } else {
            leaveAttempt();
        }
        out.disarm(TimerKind.HANDSHAKE);
    }

    void exitCrashed(Cause cause) {
        retries.failedOtherwise();
        exit(ExitReason.Kind.CRASH, cause);
    }

    void rotate(Cause why, boolean atOnce) {
        rotation.begin(why, atOnce, policy, now);
    }

    // --- what happens to it, or to the one beside it

    void handle(Input.OfConnection input) {
        if (rotation.owns(input.connection())) {
            beside(input);
        } else if (input instanceof Input.PermitGranted i) {
            granted(i);
        } else if (input instanceof Input.Opened i) {
            opened(i);
        } else if (input instanceof Input.ConnectFailed i) {
            connectFailed(i);
        } else if (input instanceof Input.DataBegins i) {
            dataBegins(i);
        } else if (input instanceof Input.SetupDone i) {
            setupDone(i);
        } else if (!(input instanceof Input.Drained)) {
            ended(input);
        }
    }

    void timer(TimerKind kind) {
        switch (kind) {
            case BACKOFF -> {
                if (phase == Phase.BACKOFF) {
                    requestPermit();
                }
            }
            case CONNECT -> {
                if (phase == Phase.CONNECTING) {
                    abort();
                    attemptFailed(ConnectFailure.of(
                            ConnectFailure.Kind.TIMEOUT, "no result of the attempt within its limit"));
                }
            }
            case ROTATION -> rotation.timer(policy, now);
            case AGE -> {
                if (phase == Phase.READY) {
                    rotate(Cause.of(Cause.Kind.AGE, "rotate.after has passed"), false);
                    age.reached(policy.rotation());
                }
            }
            case HANDSHAKE -> throw new IllegalArgumentException("The end of a handshake is the machine's");
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
        number = ++newest;
        phase = Phase.PERMIT;
        out.add(new Output.RequestPermit(number, retries.lastWasStable()));
    }

    private void granted(Input.PermitGranted i) {
        if (phase != Phase.PERMIT || i.connection() != number) {
            // A permit that crossed its cancellation; the endpoint group has taken it back.
            return;
        }
        retries.attemptBegan(now);
        phase = Phase.CONNECTING;
        publish(Type.CONNECTING);
        out.arm(TimerKind.CONNECT, policy.connectLimit());
        out.add(new Output.Connect(number, false));
    }

    private void opened(Input.Opened i) {
        if (phase != Phase.CONNECTING || i.connection() != number) {
            out.stale(i);
            return;
        }
        out.disarm(TimerKind.CONNECT);
        retries.opened(now);
        phase = Phase.SETTING_UP;
        publish(Type.CONNECTED);
        out.add(new Output.BeginSetup(number));
    }

    private void setupDone(Input.SetupDone i) {
        if (phase != Phase.SETTING_UP || i.connection() != number) {
            // Steps that a heartbeat adds to a living connection are done again when it is ready already.
            if (!phase.handshaking() && !(phase == Phase.READY && i.connection() == number)) {
                out.stale(i);
            }
            return;
        }
        phase = Phase.READY;
        publish(Type.READY);
        resumed();
        age.begins(policy.rotation(), now);
    }

    /** Whoever is told of the end of the break is told before the data. */
    private void dataBegins(Input.DataBegins i) {
        if (phase == Phase.SETTING_UP && i.connection() == number) {
            resumed();
        }
    }

    private void resumed() {
        interruptedAt.ifPresent(at -> out.add(new Output.Resumed(number, Duration.ofNanos(now - at))));
        interruptedAt = Optional.empty();
    }

    private void connectFailed(Input.ConnectFailed i) {
        if (phase != Phase.CONNECTING || i.connection() != number) {
            out.stale(i);
            return;
        }
        attemptFailed(i.failure());
    }

    private void attemptFailed(ConnectFailure failure) {
        attemptFailed(Causes.failed(failure, policy.reconnect(), chance.wallTime()));
    }

    private void attemptFailed(Verdict verdict) {
        out.disarm(TimerKind.CONNECT);
        out.add(new Output.ReleasePermit());
        blame(verdict.cause());
        retries.attemptFailed();
        publish(Type.CONNECT_FAILED, verdict.cause());
        follow(verdict);
    }

    // --- ends

    private void ended(Input.OfConnection i) {
        boolean meant = i.connection() == number;
        if (meant && phase == Phase.CONNECTING && i instanceof Input.Judged) {
            // It could not be prepared.
            attemptFailed(Causes.ended(i, policy));
        } else if (meant && phase.open()) {
            if (!(i instanceof Input.Closed)) {
                abort();
            }
            lost(Causes.ended(i, policy));
        } else if (!meant || !phase.handshaking()) {
            out.stale(i);
        }
    }

    private void lost(Verdict verdict) {
        blame(verdict.cause());
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
        age.ends();
        publish(Type.LOST, cause);
        if (interruptedAt.isEmpty()) {
            interruptedAt = Optional.of(now);
        }
        out.add(new Output.Interrupted(number, cause));
    }

    private void follow(Verdict verdict) {
        boolean mayEnd = owned || !policy.endlessUnlessOwned();
        RetryState.Next next = retries.next(verdict, policy.reconnect(), mayEnd, chance.random());
        next.ban().ifPresent(length -> out.add(new Output.Ban(length, verdict.cause())));
        if (next.exit().isPresent()) {
            exit(next.exit().get(), verdict.cause());
        } else {
            attemptAfter(next.delay());
        }
    }

    private void exit(ExitReason.Kind kind, Cause cause) {
        phase = Phase.EXITED;
        publish(Type.EXITED, cause);
        int attempts = retries.attempts();
        String after = attempts > 0 ? " after " + attempts + " attempts" : "";
        out.add(new Output.Exited(new ExitReason(kind, cause + after), cause, attempts));
    }

    // --- rotation

    private void beside(Input.OfConnection input) {
        if (input instanceof Input.SetupDone) {
            takeOver();
        } else if (!rotation.handle(input, policy, now)) {
            out.stale(input);
        }
    }

    private void takeOver() {
        if (phase != Phase.READY || !rotation.settingUp()) {
            // Steps that a heartbeat adds are done again when it is ready, or drains, already.
            return;
        }
        retries.connectionEnded(policy.reconnect(), now);
        retries.opened(now);
        number = rotation.replace(number, policy);
        age.begins(policy.rotation(), now);
    }

    /** Like any recovery, but that the attempt is under way already. */
    private void inherit() {
        Rotation.Heir heir = rotation.inherit();
        number = heir.number();
        phase = heir.phase();
        out.add(new Output.Inherit(number));
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

    // --- events

    private void publish(Type type) {
        publish(type, Optional.empty(), Duration.ZERO);
    }

    void publish(Type type, Cause cause) {
        publish(type, Optional.of(cause), Duration.ZERO);
    }

    private void publish(Type type, Optional<Cause> cause, Duration delay) {
        out.publish(type, number, cause, delay, retries.attempts() + 1);
    }
}
