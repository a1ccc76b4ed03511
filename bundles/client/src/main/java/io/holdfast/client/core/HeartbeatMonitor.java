// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.heartbeat.ClientBeat;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import java.time.Duration;
import java.util.Optional;

/**
 * Watches one connection by its profile: when to send a beat, and when a silence or a missing answer means that the peer is
 * dead. Pure but for its own state; confined to the mailbox. {@link System#nanoTime()} may wrap, so times are compared by
 * difference.
 */
public final class HeartbeatMonitor {
    /** What a check found. */
    public sealed interface Finding {
        /** Nothing to do until then. */
        record Next(long nanos) implements Finding {}

        /** Send the client's beat now. */
        record Beat() implements Finding {}

        /** Too long: dead, if one more read pass finds nothing either. */
        record Suspect(String why) implements Finding {}
    }

    private HeartbeatProfile profile;
    private boolean setUp;
    private long watchedSince;
    private long beatSentAt;
    private boolean beatWritten;
    private boolean beatOutstanding;
    private int missed;
    private long dueFrom;

    /** When the newest late check was due, and the time lost in late checks since anything was heard. */
    private long lateDue;

    private long lost;

    public HeartbeatMonitor(HeartbeatProfile profile, long now) {
        this.profile = profile;
        this.watchedSince = now;
        this.dueFrom = now;
        this.lateDue = now;
    }

    /**
     * Another profile from now on; an outstanding beat is forgiven. What was last seen is not forgotten, unless the new profile
     * waits for something else: that was not owed before.
     */
    public void swap(HeartbeatProfile next, long now) {
        boolean sameLimits = next.alive() == profile.alive()
                && next.silence().equals(profile.silence())
                && next.beatWithin().equals(profile.beatWithin());
        if (!sameLimits) {
            watchedSince = now;
        }
        profile = next;
        beatOutstanding = false;
        missed = 0;
        dueFrom = now;
    }

    /** Signs of life are owed from here on. */
    public void setUp(long now) {
        setUp = true;
        watchedSince = now;
        dueFrom = now;
    }

    /** The next beat was given to the transport. */
    public void beatSent(long now) {
        beatSentAt = now;
        beatWritten = false;
        dueFrom = now;
        beatOutstanding = profile.beat().map(HeartbeatMonitor::answerable).orElse(false);
    }

    /** It has left: the peer's time runs from here on. Until then the transport's write deadline holds. */
    public void beatWritten(long now) {
        if (beatOutstanding && !beatWritten) {
            beatWritten = true;
            beatSentAt = now;
        }
    }

    /** The answer to the outstanding beat came. */
    public void beatAnswered() {
        beatOutstanding = false;
        missed = 0;
    }

    /** A check comes later than it was due: the process stood still, and time in which it neither read nor sent proves nothing. */
    public void late(Traffic traffic, long due, long now) {
        boolean heardSince = traffic.frame() - lateDue > 0;
        lost = heardSince ? now - due : lost + now - due;
        lateDue = due;
    }

    /** A time from which something is owed, moved on by what was lost after it. */
    private long since(long time) {
        return time - lateDue > 0 ? time : time + lost;
    }

    public int missed() {
        return missed;
    }

    /** @param idleTimeout the client's own limit for any silence, zero for none */
    public Finding check(Traffic traffic, Duration idleTimeout, long now) {
        if (!setUp) {
            // Each step of the set-up has its own limit, and a peer may well be silent until it is asked.
            return new Finding.Next(Long.MAX_VALUE);
        }
        long next = Long.MAX_VALUE;

        long silence = limit(profile.silence(), since(later(alive(traffic), watchedSince)), now);
        if (silence <= 0) {
            return new Finding.Suspect(
                    "nothing received for " + profile.silence().toMillis() + " ms");
        }
        next = Math.min(next, silence);

        long idle = limit(idleTimeout, since(later(traffic.frame(), watchedSince)), now);
        if (idle <= 0) {
            return new Finding.Suspect("nothing received for idle.timeout " + idleTimeout.toMillis() + " ms");
        }
        next = Math.min(next, idle);

        long owed = limit(profile.beatWithin(), since(later(traffic.beat(), watchedSince)), now);
        if (owed <= 0) {
            return new Finding.Suspect(
                    "no heartbeat of the server for " + profile.beatWithin().toMillis() + " ms");
        }
        next = Math.min(next, owed);

        Optional<ClientBeat> beat = profile.beat();
        if (beat.isPresent()) {
            ClientBeat b = beat.get();
            if (beatOutstanding && !beatWritten) {
                return new Finding.Next(next);
            } else if (beatOutstanding) {
                long waiting = b.timeout().toNanos() - (now - since(later(beatSentAt, traffic.held())));
                if (waiting <= 0) {
                    return missed(b, next, now);
                }
                next = Math.min(next, waiting);
            } else {
                long due = b.interval().toNanos() - (now - basis(b, traffic));
                if (due <= 0) {
                    return new Finding.Beat();
                }
                next = Math.min(next, due);
            }
        }
        return new Finding.Next(next);
    }

    /** @param next nanoseconds until something else is due */
    private Finding missed(ClientBeat b, long next, long now) {
        if (missed + 1 >= Math.max(1, b.misses())) {
            return new Finding.Suspect((missed + 1) + " heartbeat" + (missed == 0 ? "" : "s") + " unanswered");
        }
        missed++;
        beatOutstanding = false;
        dueFrom = beatSentAt;
        long due = b.interval().toNanos() - (now - dueFrom);
        return due <= 0 ? new Finding.Beat() : new Finding.Next(Math.min(next, due));
    }

    private long basis(ClientBeat b, Traffic traffic) {
        return switch (b.basis()) {
            case EVERY -> dueFrom;
            case QUIET_INBOUND -> later(dueFrom, traffic.frame());
            case QUIET_OUTBOUND -> later(dueFrom, traffic.sent());
        };
    }

    private long alive(Traffic traffic) {
        return switch (profile.alive()) {
            case ANY_FRAME -> traffic.frame();
            case DATA -> traffic.data();
            case BEATS -> traffic.proof();
        };
    }

    /** Nanoseconds left of a limit, {@code MAX_VALUE} if there is none. */
    private static long limit(Duration limit, long since, long now) {
        return limit.isZero() ? Long.MAX_VALUE : limit.toNanos() - (now - since);
    }

    private static long later(long a, long b) {
        return a - b > 0 ? a : b;
    }

    private static boolean answerable(ClientBeat b) {
        return b.kind() == ClientBeat.Kind.PING_FRAME || b.answer().isPresent();
    }
}
