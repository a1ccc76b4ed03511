// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Phase;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One client's past as seen from outside of its engine, and the rules that follow from it. */
final class ClientHistory {
    /** Longer than any {@code close.timeout} in use; the process's own time. */
    private static final long STOP_LIMIT = Duration.ofSeconds(7).toNanos();

    /** A peer that was good for so long must not be taken for dead. */
    private static final Duration GOOD = Duration.ofSeconds(90);

    /** Events of the connection beside the current one. */
    private static final Set<ConnectionEvent.Type> BESIDE =
            Set.of(ConnectionEvent.Type.ROTATING, ConnectionEvent.Type.ROTATION_FAILED, ConnectionEvent.Type.DRAINED);

    /** There is a connection that may bring messages. */
    private static final Set<Phase> OPEN =
            Set.of(Phase.SETTING_UP, Phase.READY, Phase.RECONNECTING, Phase.STOPPING, Phase.CLOSING);

    private static final Set<Phase> AFTER_STOP = Set.of(Phase.IDLE, Phase.STOPPING, Phase.CLOSING, Phase.CLOSED);
    private static final Set<Phase> AFTER_CLOSE = Set.of(Phase.CLOSING, Phase.CLOSED);

    private final String id;
    private final Checker checker;

    /** The newest ones, oldest first. */
    private final Map<Long, SimulatedConnection> connections = new LinkedHashMap<>();

    /** Connections whose end came from the peer, after everything it had sent. */
    private final Set<Long> endedByPeer = new HashSet<>();

    private String host = "";
    private long current;

    /** The newest that was granted, and the newest that was begun: they are not current while they are made beside another. */
    private long granted;

    private long newest;
    private final Set<Long> besides = new HashSet<>();

    /** Beside them another was begun. */
    private final Set<Long> rotated = new HashSet<>();

    private final Set<Long> failed = new HashSet<>();
    /** Which one became the current one in the last step, in place of another; 0 for none. */
    private long replaced;

    /** The one that did so in the step in which the engine failed. */
    private long unannounced;

    private Optional<SimulatedConnection> last = Optional.empty();
    private boolean stopped;
    private boolean closed;

    /** Since when the client is to be idle or closed, in the process's time. */
    private Optional<Long> endingSince = Optional.empty();

    private Phase phase = Phase.IDLE;
    private boolean everReady;
    private Optional<Cause> exit = Optional.empty();
    private boolean givenUp;

    private long lastEvent;
    private long lastEventConnection;
    private long lastConnecting;
    private long lastIncarnation;
    private long lastStarted;

    final Arrivals arrivals;

    ClientHistory(String id, Checker checker) {
        this.id = id;
        this.checker = checker;
        this.arrivals = new Arrivals(() -> checker.remembered);
    }

    Phase phase() {
        return phase;
    }

    boolean everReady() {
        return everReady;
    }

    boolean givenUp() {
        return givenUp;
    }

    /** Why the incarnation ended by itself, if it did and was not started again. */
    Optional<Cause> exit() {
        return exit;
    }

    long current() {
        return current;
    }

    Optional<SimulatedConnection> connection(long number) {
        return Optional.ofNullable(connections.get(number));
    }

    /** Where the last attempt went. */
    String host() {
        return host;
    }

    /** The server's side of the last attempt, which may be one beside the current connection. */
    Optional<SimulatedPeer> peer() {
        return last.map(SimulatedConnection::peer);
    }

    /** Whether it was begun while another was in use, or another was begun while it was. */
    boolean rotates(long number) {
        return besides.contains(number) || rotated.contains(number);
    }

    /** The newest that was begun. */
    long newest() {
        return newest;
    }

    void arrives(SimulatedConnection connection, NumberedFrame frame) {
        if (connection.aborted()) {
            // Nobody may get it.
            return;
        }
        long number = connection.number;
        boolean isCurrent = number == current && OPEN.contains(phase);
        boolean upcoming = number == newest && number > current && besides.contains(number);
        arrivals.arrives(number, frame, isCurrent || upcoming);
    }

    /** Whether the attempt is the newest, made beside another, and is told to have failed for the first time. */
    boolean failsBeside(long number) {
        return number == newest && besides.contains(number) && failed.add(number);
    }

    boolean endedByPeer(long number) {
        return endedByPeer.contains(number);
    }

    void attempt(String to, SimulatedConnection connection) {
        host = to;
        boolean beside = phase == Phase.READY;
        long open = connections.values().stream().filter(c -> !c.ended()).count();
        if (open > (beside ? 1 : 0)) {
            checker.violated(
                    Rule.ONE_CONNECTION,
                    id + " begins an attempt while " + open + " former connections are neither ended nor aborted");
        }
        if (granted <= newest) {
            checker.violated(Rule.CURRENT_ONLY, id + " connection number " + granted + " after " + newest);
        }
        newest = granted;
        if (beside) {
            besides.add(newest);
            arrivals.begunBeside(newest);
            rotated.add(current);
        } else {
            current = newest;
        }
        if (stopped || closed) {
            checker.violated(Rule.STOP_WINS, id + " begins an attempt after it was " + (closed ? "closed" : "stopped"));
        }
        last = Optional.of(connection);
        connection.number = newest;
        if (connections.put(newest, connection) != null) {
            checker.violated(Rule.CURRENT_ONLY, id + " uses connection number " + newest + " twice");
        }
        if (connections.size() > checker.remembered) {
            long eldest = connections.keySet().iterator().next();
            connections.remove(eldest);
            endedByPeer.remove(eldest);
        }
    }

    /** What follows from the last step is not carried out. */
    void crashes() {
        unannounced = replaced == 0 ? unannounced : replaced;
    }

    void step(Phase before, Input input, Phase after) {
        phase = after;
        replaced = 0;
        if (input instanceof Input.PermitGranted i) {
            granted = i.connection();
            if (after == Phase.READY) {
                arrivals.permittedBeside(granted, current);
            }
            current = after == Phase.CONNECTING && before != after ? granted : current;
        }
        currentOnly(before, input, after);
        boolean inherits = before == Phase.READY && (after == Phase.CONNECTING || after == Phase.SETTING_UP);
        if (OPEN.contains(before) && (!OPEN.contains(after) || inherits)) {
            arrivals.ended(current);
        }
        if (input instanceof Input.SetupDone i
                && before == Phase.READY
                && i.connection() == newest
                && current != newest
                && besides.contains(newest)) {
            arrivals.tookOver(newest, current);
            current = newest;
            replaced = newest;
        } else if (inherits) {
            // The one that was being made beside it takes its place, though it may still be in preparation.
            current = granted;
            replaced = granted;
            arrivals.inherited(granted);
        }
        if (input instanceof Input.Dead i && before != after) {
            living(i);
        }
        orders(input, after);
        if (after == Phase.READY) {
            everReady = true;
        }
    }

    private void currentOnly(Phase before, Input input, Phase after) {
        long of = connectionOf(input);
        if (of >= 0 && of != current && before != after) {
            checker.violated(
                    Rule.CURRENT_ONLY,
                    id + " went from " + before + " to " + after + " by " + input + ", current is " + current);
        }
        if (input instanceof Input.Closed c && of == current && before != after && byPeer(c.info())) {
            endedByPeer.add(of);
        }
    }

    /** Not if the process itself went away from what it had still to read. */
    private static boolean byPeer(CloseInfo info) {
        return info.kind() != CloseInfo.Kind.WRITE_TIMEOUT && !info.reason().equals("cut off");
    }

    private static long connectionOf(Input input) {
        if (input instanceof Input.Opened i) {
            return i.connection();
        } else if (input instanceof Input.ConnectFailed i) {
            return i.connection();
        } else if (input instanceof Input.SetupDone i) {
            return i.connection();
        } else if (input instanceof Input.Dead i) {
            return i.connection();
        } else if (input instanceof Input.Closed i) {
            return i.connection();
        }
        return -1;
    }

    private void living(Input.Dead dead) {
        SimulatedPeer peer =
                connection(dead.connection()).map(SimulatedConnection::peer).orElse(null);
        Cause.Kind kind = dead.cause().kind();
        boolean verdict = kind == Cause.Kind.HEARTBEAT || kind == Cause.Kind.SETUP;
        // One that left in the middle of the set-up takes the connection with it.
        boolean ofPeer = !dead.cause().message().contains("plugin");
        ofPeer &= peer == null || !peer.session.explains(dead.cause());
        if (verdict && ofPeer && peer != null && peer.wasGood(GOOD)) {
            checker.violated(
                    Rule.LIVING_PEER,
                    id + " declares " + peer.name + " dead, which did all it should: " + dead.cause());
        }
    }

    private void orders(Input input, Phase after) {
        if (input instanceof Input.Start && !closed) {
            if (after != Phase.STOPPING) {
                stopped = false;
                endingSince = Optional.empty();
            }
            exit = Optional.empty();
            givenUp = false;
        } else if (input instanceof Input.Stop) {
            stopped = true;
            endingSince = endingSince.or(() -> Optional.of(checker.processTime()));
        } else if (input instanceof Input.Close) {
            closed = true;
            endingSince = endingSince.or(() -> Optional.of(checker.processTime()));
        }
        if (closed && !AFTER_CLOSE.contains(after) || stopped && !AFTER_STOP.contains(after)) {
            checker.violated(
                    Rule.STOP_WINS, id + " is " + after + " although it was " + (closed ? "closed" : "stopped"));
        }
        if (after == Phase.CLOSED || after == Phase.IDLE && !closed) {
            endingSince = Optional.empty();
        }
    }

    /** That a stop or close comes to its end. */
    void checkStopped() {
        if (endingSince.isPresent() && checker.processTime() - endingSince.get() > STOP_LIMIT) {
            checker.violated(
                    Rule.STOP_WINS, id + " is " + phase + " long after it was " + (closed ? "closed" : "stopped"));
            endingSince = Optional.empty();
        }
    }

    void event(ConnectionEvent event) {
        checker.note("    ", event);
        if (event.number() != lastEvent + 1) {
            checker.violated(Rule.EVENTS, id + " event " + event.number() + " after " + lastEvent);
        }
        lastEvent = event.number();
        boolean beside = BESIDE.contains(event.type());
        if (!beside && event.connection() < lastEventConnection || event.incarnation() < lastIncarnation) {
            checker.violated(Rule.EVENTS, id + " event " + event + " goes back");
        }
        lastEventConnection = beside ? lastEventConnection : event.connection();
        lastIncarnation = event.incarnation();
        switch (event.type()) {
            case CONNECTING, ROTATED -> {
                if (event.connection() <= lastConnecting) {
                    checker.violated(
                            Rule.CURRENT_ONLY, id + " connection number " + event.connection() + " comes again");
                }
                lastConnecting = event.connection();
            }
            case STARTED -> {
                if (event.incarnation() <= lastStarted) {
                    checker.violated(Rule.CURRENT_ONLY, id + " incarnation " + event.incarnation() + " comes again");
                }
                lastStarted = event.incarnation();
            }
            case LOST -> {
                if (event.connection() != lastConnecting && event.connection() != unannounced) {
                    checker.violated(
                            Rule.EVENTS,
                            id + " loses connection " + event.connection() + ", open was " + lastConnecting);
                }
            }
            case EXITED -> exit = event.cause();
            case GIVEN_UP -> givenUp = true;
            default -> {
                // nothing follows from it here
            }
        }
    }
}
