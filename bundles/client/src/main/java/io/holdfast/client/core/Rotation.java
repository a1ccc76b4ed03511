// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.client.endpoint.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The place beside the current connection: first of the one that is to replace it, then of the one that was replaced. Decides
 * nothing about the current one; that it has been replaced, or has ended, is told by the machine. Confined as the machine is.
 */
final class Rotation {
    private enum Step {
        NONE,
        /** A try failed; the next follows. */
        WAITING,
        PERMIT,
        CONNECTING,
        SETTING_UP,
        /** The old one finishes what was asked on it. */
        DRAINING,
        /** The old one's closing handshake. */
        LEAVING
    }

    private final Outbox out;
    private final Chance chance;
    private final RetryState retries;
    private final LongSupplier numbers;

    private Step step = Step.NONE;
    private long number;
    private Cause reason;
    private boolean dataBegun;
    private int failures;

    /** Why the new connection is to be replaced itself, once the old one has ended. */
    private Optional<Cause> then = Optional.empty();

    private Optional<Cause> trouble = Optional.empty();

    /** @param numbers makes the number of the next connection */
    Rotation(Outbox out, Chance chance, RetryState retries, LongSupplier numbers) {
        this.out = out;
        this.chance = chance;
        this.retries = retries;
        this.numbers = numbers;
    }

    /** Whether the connection is the one beside the current one. */
    boolean owns(long connection) {
        return number == connection && step != Step.NONE && step != Step.WAITING;
    }

    /** Whether there is one that may still replace the current one. */
    boolean upcoming() {
        return step == Step.PERMIT || step == Step.CONNECTING || step == Step.SETTING_UP;
    }

    /** Why the last try came to nothing; empty when none did or one succeeded since. */
    Optional<Cause> trouble() {
        return trouble;
    }

    /** What happens to the connection here, but that it is set up. @return whether it was waited for */
    boolean handle(Input.OfConnection input, ConnectionPolicy policy, long now) {
        if (input instanceof Input.PermitGranted) {
            granted(policy, now);
        } else if (input instanceof Input.Opened) {
            return opened();
        } else if (input instanceof Input.ConnectFailed i) {
            return connectFailed(i.failure(), policy, now);
        } else if (input instanceof Input.Judged && step == Step.CONNECTING) {
            // It could not be prepared.
            failed(Causes.ended(input, policy), policy, now);
        } else if (input instanceof Input.DataBegins) {
            dataBegun = true;
        } else if (input instanceof Input.Rotate i) {
            // It is as little use as the one it was to replace.
            return !upcoming() || ended(Verdict.of(Verdict.Kind.RETRY, i.cause()), policy, now);
        } else if (input instanceof Input.Drained) {
            leave(policy);
        } else {
            return ended(Causes.ended(input, policy), policy, now);
        }
        return true;
    }

    // --- towards a new connection

    /** @param atOnce whether a pause after a failed try ends */
    void begin(Cause why, boolean atOnce, ConnectionPolicy policy, long now) {
        if (step == Step.NONE || step == Step.WAITING && atOnce) {
            reason = why;
            out.disarm(TimerKind.ROTATION);
            tryAfter(Duration.ZERO, policy, now);
        } else if (step == Step.DRAINING || step == Step.LEAVING) {
            then = Optional.of(why);
        }
    }

    private void tryAfter(Duration wish, ConnectionPolicy policy, long now) {
        Duration delay = retries.notBeforeFloor(wish, policy.reconnect(), now);
        if (delay.isZero() || delay.isNegative()) {
            request();
        } else {
            step = Step.WAITING;
            out.arm(TimerKind.ROTATION, delay);
        }
    }

    private void request() {
        step = Step.PERMIT;
        number = numbers.getAsLong();
        dataBegun = false;
        out.add(new Output.RequestPermit(number, reason.kind() == Cause.Kind.NOTICE));
    }

    private void granted(ConnectionPolicy policy, long now) {
        if (step != Step.PERMIT) {
            return;
        }
        retries.attemptBegan(now);
        step = Step.CONNECTING;
        publish(Type.ROTATING, Optional.of(reason), Duration.ZERO);
        out.arm(TimerKind.ROTATION, policy.connectLimit());
        out.add(new Output.Connect(number, true));
    }

    private boolean opened() {
        if (step != Step.CONNECTING) {
            return false;
        }
        out.disarm(TimerKind.ROTATION);
        step = Step.SETTING_UP;
        out.add(new Output.BeginSetup(number));
        return true;
    }

    private boolean connectFailed(ConnectFailure failure, ConnectionPolicy policy, long now) {
        if (step != Step.CONNECTING) {
            return false;
        }
        failed(Causes.failed(failure, policy.reconnect(), chance.wallTime()), policy, now);
        return true;
    }

    /** The connection has ended, or is of no use. @return whether there was one */
    private boolean ended(Verdict verdict, ConnectionPolicy policy, long now) {
        switch (step) {
            case SETTING_UP -> {
                out.add(new Output.Abort(number));
                failed(verdict, policy, now);
                return true;
            }
            case DRAINING, LEAVING -> {
                out.add(new Output.Abort(number));
                if (verdict.kind() == Verdict.Kind.WAIT) {
                    // The server means whoever connects, not that connection alone.
                    ban(verdict, policy);
                }
                drained(policy, now);
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    /** The current connection stays as it is; the next try is paced like any other. */
    private void failed(Verdict verdict, ConnectionPolicy policy, long now) {
        out.disarm(TimerKind.ROTATION);
        giveBack();
        failures++;
        trouble = Optional.of(verdict.cause());
        Duration pause = Backoff.delay(policy.reconnect(), failures, chance.random());
        switch (verdict.kind()) {
            case WAIT -> pause = max(pause, ban(verdict, policy));
            // Asking again soon makes it worse, and there is a connection that works.
            case REFUSED -> pause = policy.reconnect().retryAfterMax();
            case PROTOCOL -> pause = max(pause, RetryState.PROTOCOL_DELAY);
            default -> {
                // the back-off
            }
        }
        publish(Type.ROTATION_FAILED, trouble, pause);
        tryAfter(pause, policy, now);
    }

    /** @return its length */
    private Duration ban(Verdict verdict, ConnectionPolicy policy) {
        Duration told = verdict.told().orElse(policy.reconnect().maximum());
        out.add(new Output.Ban(told, verdict.cause()));
        return told;
    }

    private void giveBack() {
        out.add(new Output.ReleasePermit());
        out.add(new Output.Retired(number));
    }

    // --- away from an old one

    boolean settingUp() {
        return step == Step.SETTING_UP;
    }

    /** The new connection has become the current one. @return its number */
    long replace(long old, ConnectionPolicy policy) {
        long fresh = number;
        number = old;
        step = Step.DRAINING;
        failures = 0;
        trouble = Optional.empty();
        out.add(new Output.TakeOver(fresh, old));
        out.publish(Type.ROTATED, fresh, Optional.of(reason), Duration.ZERO, 1);
        out.arm(TimerKind.ROTATION, policy.rotation().drain());
        return fresh;
    }

    /** Nothing is asked of the old connection any more. */
    private void leave(ConnectionPolicy policy) {
        if (step == Step.DRAINING) {
            step = Step.LEAVING;
            out.add(new Output.CloseHandshake(number, 1000, "rotated"));
            out.arm(TimerKind.ROTATION, policy.closeTimeout());
        }
    }

    private void drained(ConnectionPolicy policy, long now) {
        out.disarm(TimerKind.ROTATION);
        giveBack();
        publish(Type.DRAINED, Optional.empty(), Duration.ZERO);
        step = Step.NONE;
        then.ifPresent(why -> {
            then = Optional.empty();
            begin(why, false, policy, now);
        });
    }

    // --- the end

    /** Whatever there is beside the current connection ends at once. */
    void cancel() {
        out.disarm(TimerKind.ROTATION);
        switch (step) {
            case PERMIT -> out.add(new Output.CancelPermit());
            case CONNECTING, SETTING_UP, DRAINING, LEAVING -> {
                out.add(new Output.Abort(number));
                giveBack();
            }
            default -> {
                // nothing is open
            }
        }
        step = Step.NONE;
        failures = 0;
        trouble = Optional.empty();
        then = Optional.empty();
    }

    /** The current connection has ended: what was to replace it is all there is. */
    record Heir(long number, Phase phase, boolean dataBegun) {}

    /** Lets go of the upcoming connection, as it is. */
    Heir inherit() {
        out.disarm(TimerKind.ROTATION);
        Phase phase = switch (step) {
            case PERMIT -> Phase.PERMIT;
            case CONNECTING -> Phase.CONNECTING;
            default -> Phase.SETTING_UP;
        };
        step = Step.NONE;
        failures = 0;
        trouble = Optional.empty();
        return new Heir(number, phase, dataBegun);
    }

    void timer(ConnectionPolicy policy, long now) {
        switch (step) {
            case WAITING -> tryAfter(Duration.ZERO, policy, now);
            case CONNECTING -> {
                out.add(new Output.Abort(number));
                connectFailed(
                        ConnectFailure.of(ConnectFailure.Kind.TIMEOUT, "no result of the attempt within its limit"),
                        policy,
                        now);
            }
            case DRAINING -> leave(policy);
            case LEAVING -> {
                out.add(new Output.Abort(number));
                drained(policy, now);
            }
            default -> {
                // nothing waits
            }
        }
    }

    private void publish(Type type, Optional<Cause> cause, Duration delay) {
        out.publish(type, number, cause, delay, failures + 1);
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
