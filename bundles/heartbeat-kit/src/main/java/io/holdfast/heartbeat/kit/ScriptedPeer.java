// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An exchange whose rules of liveness are data: what it answers, what it sends by itself, when it cuts a client. Immutable.
 *
 * @param path of the idle line; below it, {@code /busy} has data
 * @param answers to a heartbeat of the client; empty for a text that is none
 * @param rule what keeps a connection
 * @param deadline after which it is cut when that did not happen
 * @param greeting sent first; a client that speaks before it was written is cut. Empty: none
 * @param beat sent by the server each {@code beatEvery}, once {@code subscribe} was seen. Empty: none
 * @param subscribe text by which a client asks for the server's heartbeats; {@code null}: not needed
 * @param openMessages of both lines
 */
public record ScriptedPeer(
        String path,
        Function<String, Optional<String>> answers,
        Rule rule,
        Duration deadline,
        Optional<String> greeting,
        Optional<String> beat,
        Duration beatEvery,
        Predicate<String> subscribe,
        List<String> openMessages)
        implements Peer {

    /** What keeps a connection. */
    public enum Rule {
        /** Heartbeats of the client. */
        CLIENT_BEAT,
        /** Any frame of the client. */
        CLIENT_FRAME,
        /** Anything the server sends. */
        SERVER_SENT,
        /** Anything in either direction. */
        EITHER
    }

    /** Data of the busy line. */
    private static final Duration DATA_EVERY = Duration.ofMillis(20);

    /** A deadline is counted in so many parts: a machine that stands still once does not use them up. */
    private static final int PARTS = 20;

    private static final Duration GREETING_DELAY = Duration.ofMillis(50);

    public ScriptedPeer {
        Objects.requireNonNull(path);
        Objects.requireNonNull(answers);
        Objects.requireNonNull(rule);
        Objects.requireNonNull(deadline);
        Objects.requireNonNull(greeting);
        Objects.requireNonNull(beat);
        Objects.requireNonNull(beatEvery);
        openMessages = List.copyOf(openMessages);
    }

    /** A peer that answers heartbeats and keeps a connection by the rule; the {@code with} methods add to it. */
    public static ScriptedPeer of(
            String path, Function<String, Optional<String>> answers, Rule rule, Duration deadline) {
        return new ScriptedPeer(
                path, answers, rule, deadline, Optional.empty(), Optional.empty(), Duration.ZERO, null, List.of());
    }

    /** Greets, and hears nobody before. */
    public ScriptedPeer withGreeting(String text) {
        return new ScriptedPeer(
                path, answers, rule, deadline, Optional.of(text), beat, beatEvery, subscribe, openMessages);
    }

    /** Sends heartbeats of its own on every connection. */
    public ScriptedPeer withBeat(String text, Duration every) {
        return new ScriptedPeer(path, answers, rule, deadline, greeting, Optional.of(text), every, null, openMessages);
    }

    /** Sends heartbeats of its own to who asked for them. */
    public ScriptedPeer withBeat(String text, Duration every, Predicate<String> asked) {
        return new ScriptedPeer(path, answers, rule, deadline, greeting, Optional.of(text), every, asked, openMessages);
    }

    public ScriptedPeer withOpenMessages(List<String> texts) {
        return new ScriptedPeer(path, answers, rule, deadline, greeting, beat, beatEvery, subscribe, texts);
    }

    @Override
    public void install(Simulator simulator) {
        simulator.handle(path, session -> new Script(session.number()));
    }

    @Override
    public Line idle() {
        return new Line(path, openMessages);
    }

    @Override
    public Line busy() {
        return new Line(path + "/busy", openMessages);
    }

    @Override
    public boolean isBeat(Received received) {
        return received.kind() == Received.Kind.PING
                || received.kind() == Received.Kind.TEXT
                        && answers.apply(received.text()).isPresent();
    }

    /** One connection; confined to the simulator's thread. */
    private final class Script implements ConnectionHandler {
        private final int number;
        private boolean greeted;
        private boolean beating;
        private int quietParts;
        private long sequence;

        private Script(int number) {
            this.number = number;
        }

        @Override
        public void onOpen(Session session) {
            greeted = greeting.isEmpty();
            // Not at once: only a client that really waits for it gets through.
            greeting.ifPresent(text -> session.later(GREETING_DELAY, () -> {
                greeted = true;
                send(session, text);
            }));
            session.later(deadline.dividedBy(PARTS), () -> part(session));
            if (beat.isPresent() && subscribe == null) {
                beat(session);
            }
            if (session.request().path().endsWith("/busy")) {
                data(session);
            }
        }

        private void part(Session session) {
            quietParts++;
            if (quietParts > PARTS) {
                session.fin();
            } else {
                session.later(deadline.dividedBy(PARTS), () -> part(session));
            }
        }

        private void beat(Session session) {
            beating = true;
            send(session, beat.orElseThrow());
            session.later(beatEvery, () -> beat(session));
        }

        private void data(Session session) {
            if (greeted) {
                send(session, "{\"data\":" + number + ",\"seq\":" + ++sequence + "}");
            }
            session.later(DATA_EVERY, () -> data(session));
        }

        private void send(Session session, String text) {
            session.text(text);
            if (rule == Rule.SERVER_SENT || rule == Rule.EITHER) {
                quietParts = 0;
            }
        }

        @Override
        public void onText(Session session, String text) {
            if (!greeted) {
                session.close(4001, "not greeted yet");
                return;
            }
            heard(session, answers.apply(text));
            if (beat.isPresent() && subscribe != null && !beating && subscribe.test(text)) {
                beat(session);
            }
        }

        private void heard(Session session, Optional<String> answer) {
            if (rule == Rule.CLIENT_FRAME || rule == Rule.EITHER || rule == Rule.CLIENT_BEAT && answer.isPresent()) {
                quietParts = 0;
            }
            // A heartbeat may want no answer: then it is empty.
            answer.filter(a -> !a.isEmpty()).ifPresent(a -> send(session, a));
        }

        @Override
        public void onPing(Session session, byte[] payload) {
            session.pong(payload);
            heard(session, Optional.of(""));
            if (rule == Rule.SERVER_SENT) {
                quietParts = 0;
            }
        }
    }
}
