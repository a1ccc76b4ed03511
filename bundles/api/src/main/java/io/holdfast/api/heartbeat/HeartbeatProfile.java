// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How an exchange wants liveness proved, as plain data that the engine executes on the connection's own thread.
 * Immutable; holds no object of the plugin, so it outlives it.
 *
 * <p>In texts sent ({@link SetupStep#text()}, {@link FramePattern#reply()}, {@link ClientBeat#payload()}) and in the
 * literals of their {@link Expectation}, {@code ${id}} stands for an id the engine makes, unique over the life of the
 * client, letters and digits only.
 *
 * @param type as in {@link HeartbeatFactory#TYPE}
 * @param setup sent on every connection, in order of phase
 * @param patterns frames that are the heartbeat's; the first that matches decides
 * @param beat what the client sends by itself, if anything
 * @param alive what counts against {@code silence}
 * @param silence dead when nothing of {@code alive} came for this long; zero for no limit
 * @param beatWithin dead when no {@link FramePattern.Effect#BEAT} and no ping of the server came for this long after
 *     set-up; zero for no limit
 * @param fatalCloseCodes close codes after which a reconnect is pointless; the client exits as refused
 */
public record HeartbeatProfile(
        String type,
        List<SetupStep> setup,
        List<FramePattern> patterns,
        Optional<ClientBeat> beat,
        Alive alive,
        Duration silence,
        Duration beatWithin,
        Set<Integer> fatalCloseCodes) {

    /** What proves that the peer lives. */
    public enum Alive {
        /** Any frame, control frames included. */
        ANY_FRAME,
        /** Any text or binary message. */
        DATA,
        /** Only a frame that matched a pattern, a server ping or the answer to a client beat. */
        BEATS
    }

    public HeartbeatProfile {
        Objects.requireNonNull(type);
        setup = setup.stream().sorted(Comparator.comparingInt(SetupStep::phase)).toList();
        patterns = List.copyOf(patterns);
        Objects.requireNonNull(beat);
        Objects.requireNonNull(alive);
        Objects.requireNonNull(silence);
        Objects.requireNonNull(beatWithin);
        fatalCloseCodes = Set.copyOf(fatalCloseCodes);
    }

    /** A profile that does nothing yet; the {@code with} methods add to it. */
    public static HeartbeatProfile of(String type) {
        return new HeartbeatProfile(
                type, List.of(), List.of(), Optional.empty(), Alive.ANY_FRAME, Duration.ZERO, Duration.ZERO, Set.of());
    }

    /** The soonest of all deadlines after which a connection may be taken for dead; zero if there is none. */
    public Duration shortestDeadline() {
        Duration answer = beat.map(ClientBeat::timeout).orElse(Duration.ZERO);
        return Stream.of(silence, beatWithin, answer)
                .filter(d -> !d.isZero())
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    public HeartbeatProfile withSetup(List<SetupStep> steps) {
        return new HeartbeatProfile(type, steps, patterns, beat, alive, silence, beatWithin, fatalCloseCodes);
    }

    public HeartbeatProfile withPatterns(List<FramePattern> patterns) {
        return new HeartbeatProfile(type, setup, patterns, beat, alive, silence, beatWithin, fatalCloseCodes);
    }

    public HeartbeatProfile withBeat(ClientBeat beat) {
        return new HeartbeatProfile(
                type, setup, patterns, Optional.of(beat), alive, silence, beatWithin, fatalCloseCodes);
    }

    public HeartbeatProfile withSilence(Alive alive, Duration silence) {
        return new HeartbeatProfile(type, setup, patterns, beat, alive, silence, beatWithin, fatalCloseCodes);
    }

    public HeartbeatProfile withBeatWithin(Duration beatWithin) {
        return new HeartbeatProfile(type, setup, patterns, beat, alive, silence, beatWithin, fatalCloseCodes);
    }

    public HeartbeatProfile withFatalCloseCodes(Set<Integer> codes) {
        return new HeartbeatProfile(type, setup, patterns, beat, alive, silence, beatWithin, codes);
    }
}
