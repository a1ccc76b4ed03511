// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All decisions about one client's connections. No clock, thread or socket: {@code now} is an argument, what is to be done
 * is returned. Confined to the client's mailbox. Here is what is ordered, and what an end by order leads to; what happens to
 * the current connection is {@link CurrentConnection}'s, what happens to the one beside it {@link Rotation}'s.
 *
 * <p>Back-off, floor and last cause belong to the client and live on over incarnations, so that a restart never earns an
 * early attempt; only the count of attempts against the limit begins anew with each incarnation.
 */
public final class ConnectionMachine {
    private final Outbox out = new Outbox();
    private final CurrentConnection current;
    private final Rotation rotation;
    private long incarnation;
    private Input.Close close;

    public ConnectionMachine(ConnectionPolicy policy, Chance chance) {
        this.current = new CurrentConnection(policy, chance, out);
        this.rotation = current.rotation();
    }

    public Phase phase() {
        return current.phase();
    }

    public long incarnation() {
        return incarnation;
    }

    /** Number of the current connection or attempt. */
    public long connection() {
        return current.number();
    }

    /** Failed attempts of this incarnation. */
    public int attempts() {
        return current.attempts();
    }

    public Optional<Cause> lastCause() {
        return current.lastCause();
    }

    /** Why the last try to replace the connection came to nothing; empty when none did or one succeeded since. */
    public Optional<Cause> rotationTrouble() {
        return rotation.trouble();
    }

    /** @param now monotonic nanoseconds */
    public List<Output> handle(Input input, long now) {
        out.begin();
        current.at(now);
        if (phase() == Phase.CLOSED) {
            afterTheEnd(input);
        } else if (input instanceof Input.Rotate i && !rotation.owns(i.connection())) {
            rotate(i);
        } else if (input instanceof Input.Closed i && i.connection() == connection() && phase().handshaking()) {
            handshakeOver();
        } else if (input instanceof Input.OfConnection i) {
            current.handle(i);
        } else if (input instanceof Input.TimerFired i) {
            timer(i);
        } else if (input instanceof Input.Start i) {
            start(i.incarnation());
        } else if (input instanceof Input.Stop i) {
            stop(i.limit());
        } else if (input instanceof Input.Close i) {
            close(i);
        } else if (input instanceof Input.Reconnect i) {
            reconnect(i.cause());
        } else if (input instanceof Input.Redirect i) {
            redirect(i.cause());
        } else if (input instanceof Input.Gate i) {
            current.gate(i.open());
        } else if (input instanceof Input.PolicyChanged i) {
            current.changed(i.policy());
        } else if (input instanceof Input.Owned i) {
            current.owned(i.owned());
        } else if (input instanceof Input.Crash i) {
            crash(i.description());
        }
        return out.take();
    }

    private void afterTheEnd(Input input) {
        if (input instanceof Input.Crash) {
            out.add(new Output.Ended(lastCause().orElseThrow()));
        } else if (!(input instanceof Input.Close)) {
            out.stale(input);
        }
    }

    private void timer(Input.TimerFired i) {
        if (!out.fired(i)) {
            return;
        }
        if (i.kind() != TimerKind.HANDSHAKE) {
            current.timer(i.kind());
        } else if (phase().handshaking()) {
            current.abort();
            handshakeOver();
        }
    }

    private void start(long number) {
        if (phase() == Phase.IDLE || phase() == Phase.EXITED) {
            incarnation = number;
            current.start();
        }
    }

    private void stop(Duration limit) {
        rotation.cancel();
        switch (phase()) {
            case SETTING_UP, READY -> {
                if (limit.isZero()) {
                    current.abort();
                    stopped();
                } else {
                    current.handshake(Phase.STOPPING, 1001, "stopped", Optional.of(limit));
                }
            }
            case RECONNECTING, STOPPING -> {
                current.divert(Phase.STOPPING);
                if (limit.isZero()) {
                    current.abort();
                    stopped();
                }
            }
            case CLOSING, CLOSED -> {
                // Ends anyway; whoever waits for the stop is told by Ended.
            }
            default -> {
                current.leaveAttempt();
                stopped();
            }
        }
    }

    private void stopped() {
        current.lostForGood(Cause.of(Cause.Kind.SHUTDOWN, "stopped"));
        current.rest(Phase.IDLE);
        out.add(new Output.Stopped());
    }

    private void close(Input.Close order) {
        if (phase() == Phase.CLOSING) {
            return;
        }
        close = order;
        rotation.cancel();
        if (phase().open()) {
            current.handshake(Phase.CLOSING, order.code(), order.reason(), Optional.empty());
        } else if (phase().handshaking()) {
            current.divert(Phase.CLOSING);
        } else {
            current.leaveAttempt();
            end();
        }
    }

    private void end() {
        current.blame(close.cause());
        current.rest(Phase.CLOSED);
        current.publish(Type.CLOSED, close.cause());
        out.add(new Output.Ended(close.cause()));
    }

    private void reconnect(Cause cause) {
        if (phase().open()) {
            rotation.cancel();
            current.blame(cause);
            current.handshake(Phase.RECONNECTING, 1000, "reconnect", Optional.empty());
        } else if (phase() == Phase.BACKOFF) {
            current.attemptAnew();
        }
    }

    private void redirect(Cause cause) {
        if (phase() == Phase.PERMIT || phase() == Phase.CONNECTING) {
            current.attemptAnew();
        } else {
            reconnect(cause);
        }
    }

    private void rotate(Input.Rotate order) {
        boolean meant = order.connection() == 0 || order.connection() == connection();
        if (meant && phase() == Phase.READY) {
            current.rotate(order.cause(), order.atOnce());
        } else if (meant) {
            reconnect(order.cause());
        }
    }

    private void handshakeOver() {
        switch (phase()) {
            case RECONNECTING -> {
                current.lostForGood(lastCause().orElseThrow());
                current.attemptAnew();
            }
            case STOPPING -> stopped();
            default -> {
                current.lostForGood(close.cause());
                end();
            }
        }
    }

    /** Of the step that failed nothing may have been carried out, so whoever waits for its outcome is told here. */
    private void crash(String description) {
        Cause cause = Cause.of(Cause.Kind.CRASH, description);
        rotation.cancel();
        if (phase() == Phase.IDLE) {
            out.add(new Output.Stopped());
            return;
        }
        current.crashed(cause);
        switch (phase()) {
            case CLOSING -> end();
            case STOPPING -> {
                current.rest(Phase.IDLE);
                out.add(new Output.Stopped());
            }
            default -> current.exitCrashed(cause);
        }
    }
}
