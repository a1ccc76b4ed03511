// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The server's side of one connection it let in. Every frame for listeners carries the peer's name and counts from 1. */
final class SimulatedPeer {
    private static final long LATENCY = Duration.ofMillis(2).toNanos();
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final int PING_EVERY = 16;

    final SimulatedServer server;
    final SimulatedConnection connection;
    final String name;
    private final VirtualEnvironment environment;

    boolean ended;
    boolean answersSetUp = true;

    /** Frames it may still send or receive; negative for any number. */
    int framesUntilCut = -1;

    /** Neither direction passes any more, and nobody is told. */
    private boolean halfOpen;

    private boolean withholdsBeats;
    private boolean readsNothing;

    /** Since when nothing was wrong with it. */
    private long goodSince;

    private boolean everBad;
    private boolean subscribed;
    final SimulatedSession session;
    private long interval;

    /** Numbered frames sent. */
    long sent;

    private Cancellable answerDue = () -> {};

    SimulatedPeer(SimulatedServer server, SimulatedConnection connection, String name) {
        this.server = server;
        this.connection = connection;
        this.name = name;
        this.environment = server.environment;
        this.goodSince = environment.nanoTime();
        this.session = new SimulatedSession(this);
    }

    // --- faults

    void troubled() {
        everBad = true;
        goodSince = environment.nanoTime();
    }

    void goHalfOpen() {
        halfOpen = true;
        troubled();
    }

    void withholdBeats(boolean withholds) {
        withholdsBeats = withholds;
        troubled();
    }

    void stopReading() {
        readsNothing = true;
        troubled();
    }

    void readAgain() {
        if (readsNothing) {
            readsNothing = false;
            troubled();
            connection.writable();
        }
    }

    boolean isHalfOpen() {
        return halfOpen;
    }

    boolean readsNothing() {
        return readsNothing;
    }

    /** Whether it has done all that a living peer does, always or for that long. */
    boolean wasGood(Duration span) {
        boolean bad = ended || halfOpen || withholdsBeats || readsNothing || !answersSetUp;
        return !bad && (!everBad || environment.nanoTime() - goodSince >= span.toNanos());
    }

    // --- frames

    /** A text of the process arrives. */
    void receive(String text) {
        if (ended || halfOpen || cutsNow()) {
            return;
        }
        if (text.contains("set_heartbeat")) {
            setHeartbeat(text);
        } else if (text.contains("public/test")) {
            answerDue.cancel();
            send("{\"id\":\"" + id(text) + "\",\"result\":{\"version\":\"1\"}}");
        } else if (text.contains("\"jsonrpc\"")) {
            if (answersSetUp) {
                session.receive(text);
            }
        } else if (text.contains("subscribe") && answersSetUp) {
            number("\"id\":1,\"result\":[\"numbers\"]");
            if (!subscribed) {
                subscribed = true;
                publish();
            }
        }
    }

    private void setHeartbeat(String text) {
        if (!answersSetUp) {
            return;
        }
        send("{\"id\":\"" + id(text) + "\",\"result\":\"ok\"}");
        boolean first = interval == 0;
        String seconds = text.replaceAll(".*\"interval\":(\\d+).*", "$1");
        interval = Duration.ofSeconds(Long.parseLong(seconds)).toNanos();
        if (first) {
            ask();
        }
    }

    private static String id(String text) {
        int at = text.indexOf("\"id\":\"") + 6;
        return text.substring(at, text.indexOf('"', at));
    }

    void ping(byte[] payload) {
        if (!ended && !halfOpen) {
            environment.world(LATENCY, () -> connection.pongFromWorld(payload));
        }
    }

    private void ask() {
        environment.world(interval, () -> {
            if (ended) {
                return;
            }
            if (!withholdsBeats && !halfOpen) {
                send("{\"params\":{\"type\":\"test_request\"},\"method\":\"heartbeat\",\"jsonrpc\":\"2.0\"}");
                answerDue.cancel();
                answerDue = environment.world(ANSWER_WITHIN.toNanos(), () -> close(4000, "heartbeat close"));
            }
            ask();
        });
    }

    private void publish() {
        environment.world(server.messageEvery, () -> {
            if (ended || server.isQuiet()) {
                return;
            }
            message();
            if (sent % PING_EVERY == 0 && !halfOpen) {
                environment.world(LATENCY, () -> connection.pingFromWorld(new byte[] {'p'}));
            }
            publish();
        });
    }

    /** Many messages at once. */
    void burst(int messages) {
        for (int i = 0; i < messages && !ended; i++) {
            if (subscribed) {
                message();
            } else {
                session.publishAny();
            }
        }
    }

    private void message() {
        if (!ended && !halfOpen && !cutsNow()) {
            number("\"method\":\"subscription\",\"params\":{\"channel\":\"numbers\"}");
        }
    }

    /** For the listener, with the members of a JSON object. @return what was sent, empty if the connection is of no use */
    Optional<String> publishes(String members) {
        return !ended && !halfOpen && !cutsNow() ? Optional.of(number(members)) : Optional.empty();
    }

    /** Not for the listener. */
    void say(String text) {
        send(text);
    }

    private String number(String members) {
        sent++;
        String text = "{" + members + ",\"peer\":\"" + name + "\",\"seq\":" + sent + "}";
        send(text);
        return text;
    }

    private void send(String text) {
        if (!ended && !halfOpen) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            environment.world(LATENCY, () -> connection.messageFromWorld(bytes));
        }
    }

    // --- ends

    private boolean cutsNow() {
        if (framesUntilCut > 0 && --framesUntilCut == 0) {
            cut();
        }
        return ended;
    }

    /** A frame that breaks the protocol, for which the process fails the connection. */
    void violate(int code) {
        end(new CloseInfo(CloseInfo.Kind.PROTOCOL, code, "frame not allowed"));
    }

    void close(int code, String reason) {
        end(new CloseInfo(CloseInfo.Kind.HANDSHAKE, code, reason));
    }

    void cut() {
        end(new CloseInfo(CloseInfo.Kind.LOST, 1006, "reset"));
    }

    private void end(CloseInfo info) {
        if (!ended && !halfOpen) {
            gone();
            environment.world(LATENCY, () -> connection.closeFromWorld(info));
        }
    }

    /** The process began the closing handshake. */
    void closeReceived(int code) {
        close(code, "");
    }

    /** The process ended the connection. */
    void gone() {
        ended = true;
        answerDue.cancel();
        server.peers.remove(this);
    }
}
