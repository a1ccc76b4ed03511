// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.transport.ConnectFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * An exchange in the world outside of the simulated process: lets attempts in as it is told to, asks for heartbeats like
 * Deribit, and sends numbered messages on every subscribed connection. Its time is the world's: it goes on while the
 * process is paused.
 */
final class SimulatedServer {
    /** What becomes of the next attempts. */
    enum Door {
        OPEN,
        REFUSES,
        UNRESOLVED,
        /** The TCP connection is accepted and nothing more. */
        SILENT,
        /** Lets in after seconds. */
        SLOW,
        /** 429 with a number of seconds. */
        LIMITED,
        UNAUTHORIZED,
        UNAVAILABLE,
        ACCEPT_THEN_CLOSE,
        /** Breaks off in the middle of the upgrade's answer. */
        HALF_ANSWER,
        /** Answers the upgrade with nonsense. */
        NONSENSE,
        /** Lets in and answers no step of the set-up. */
        SILENT_SETUP,
        /** Lets in and cuts after a few frames. */
        CUTS
    }

    /** What {@link Door#LIMITED} tells. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(7);

    private static final long LATENCY = Duration.ofMillis(2).toNanos();
    private static final long SLOW = Duration.ofSeconds(4).toNanos();
    private static final int MOST_FRAMES = 8;

    final String host;
    final VirtualEnvironment environment;
    final long messageEvery;

    /** Those that have not ended. */
    final List<SimulatedPeer> peers = new ArrayList<>();

    /** The next request of this method is answered with this error. */
    final Map<String, Integer> errors = new LinkedHashMap<>();

    /** The next request of this method is neither carried out nor answered. */
    final Set<String> lostAnswers = new LinkedHashSet<>();

    /** Channels that are left out of answers. */
    final Set<String> leftOut = new LinkedHashSet<>();

    private final Map<String, SimulatedFeed> feeds = new LinkedHashMap<>();

    /** Told of what a session must not do. */
    final Consumer<String> broken;

    /** Told of the client and the result when a call of a user is answered. */
    BiConsumer<String, String> onCallAnswered = (client, result) -> {};

    Door door = Door.OPEN;
    private long accepted;
    private boolean quiet;

    SimulatedServer(String host, VirtualEnvironment environment, Duration messageEvery, Consumer<String> broken) {
        this.host = host;
        this.environment = environment;
        this.broken = broken;
        this.messageEvery = messageEvery.toNanos();
    }

    /** An attempt of the process arrives. */
    void arrive(SimulatedConnection connection) {
        switch (door) {
            case OPEN, ACCEPT_THEN_CLOSE, SILENT_SETUP, CUTS -> accept(connection, LATENCY);
            case SLOW -> accept(connection, SLOW);
            case SILENT -> {
                // never answered
            }
            case REFUSES ->
                refuse(connection, ConnectFailure.of(ConnectFailure.Kind.UNREACHABLE, "connection refused"));
            case UNRESOLVED -> refuse(connection, ConnectFailure.of(ConnectFailure.Kind.UNRESOLVED, "no address"));
            case HALF_ANSWER ->
                refuse(connection, ConnectFailure.of(ConnectFailure.Kind.IO, "ended within the upgrade"));
            case NONSENSE -> refuse(connection, ConnectFailure.of(ConnectFailure.Kind.PROTOCOL, "no upgrade"));
            case LIMITED -> refuse(connection, http(429, Optional.of("" + RETRY_AFTER.toSeconds())));
            case UNAVAILABLE -> refuse(connection, http(503, Optional.empty()));
            case UNAUTHORIZED -> refuse(connection, http(401, Optional.empty()));
        }
    }

    static ConnectFailure http(int status, Optional<String> retryAfter) {
        return new ConnectFailure(
                ConnectFailure.Kind.HTTP, "HTTP " + status, OptionalInt.of(status), retryAfter, Optional.empty());
    }

    private void refuse(SimulatedConnection connection, ConnectFailure failure) {
        environment.world(LATENCY, () -> connection.failFromWorld(failure));
    }

    private void accept(SimulatedConnection connection, long after) {
        Door as = door;
        environment.world(after, () -> {
            if (connection.ended()) {
                return;
            }
            SimulatedPeer peer = new SimulatedPeer(this, connection, host + "/" + ++accepted);
            peers.add(peer);
            connection.openFromWorld(peer);
            if (as == Door.ACCEPT_THEN_CLOSE) {
                peer.close(1000, "bye");
            } else if (as == Door.SILENT_SETUP) {
                peer.answersSetUp = false;
                peer.troubled();
            } else if (as == Door.CUTS) {
                peer.framesUntilCut = 1 + environment.random().nextInt(MOST_FRAMES);
            }
        });
    }

    SimulatedFeed feed(String channel) {
        return feeds.computeIfAbsent(channel, c -> new SimulatedFeed(this, c));
    }

    /** No more numbered messages, so that what was sent can be counted. */
    void quiet() {
        quiet = true;
    }

    boolean isQuiet() {
        return quiet;
    }
}
