// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ChannelStatus.State;
import java.time.Duration;
import java.util.Collection;

/** One channel of one connection: whether it is wanted, asked for, acknowledged, and when it may be asked for again. */
final class Subscription {
    /** How often a silent channel is subscribed anew before it is an alarm. */
    private static final int FRUITLESS = 3;

    private static final int MOST_DOUBLINGS = 5;

    private final ChannelSpec spec;
    private final long retry;
    private final Collection<String> changed;

    private State state = State.DESIRED;
    private String reason = "";
    private boolean wanted = true;

    /** Still subscribed at the server, and to be given back before anything else. */
    private boolean toReturn;

    private boolean underWay;

    /** Acknowledged before another log-in, and asked for again since: the server may have it still. */
    private boolean mayBeThere;

    /** To be subscribed anew as soon as it is subscribed. */
    private boolean renewThen;

    private boolean answered;

    /** Not asked for before. */
    private long notBefore;

    private int refusals;
    private int fruitless;
    private long acknowledgedAt;
    private long renewedAt;
    private boolean renewed;

    /**
     * @param retry between two attempts, at least
     * @param changed takes the name with each change of the state
     */
    Subscription(ChannelSpec spec, Duration retry, Collection<String> changed, long now) {
        this.spec = spec;
        this.retry = retry.toNanos();
        this.changed = changed;
        this.notBefore = now;
    }

    private void set(State next, String why) {
        state = next;
        reason = why;
        changed.add(spec.name());
    }

    // --- what is wanted

    void want() {
        wanted = true;
    }

    /** @return whether it is to be given back first */
    boolean unwant() {
        wanted = false;
        toReturn = subscribed() || underWay || mayBeThere;
        return toReturn;
    }

    // --- asking

    /** Whether it can be in the next call. */
    boolean asks(boolean loggedIn, long now) {
        if (!wanted || toReturn || underWay || subscribed() || now - notBefore < 0) {
            return false;
        }
        if (spec.needsLogIn() && !loggedIn) {
            notAsked("needs a log-in, and there is none");
            return false;
        }
        return true;
    }

    /** Whether it can be in the next call that gives channels back. */
    boolean returns(long now) {
        return toReturn && now - notBefore >= 0;
    }

    void notAsked(String why) {
        if (state != State.REFUSED) {
            answered = true;
            set(State.REFUSED, why);
        }
    }

    void underWay(boolean subscribe) {
        underWay = true;
        if (subscribe) {
            set(State.REQUESTED, "");
        }
    }

    // --- what came of it

    /** It was named by the address of the connection. */
    void inUri(long now) {
        answered = true;
        acknowledgedAt = now;
        set(State.ACKNOWLEDGED, "");
    }

    /** @return whether it is still of interest */
    boolean answered(boolean accepted, String otherwise, long now) {
        underWay = false;
        mayBeThere = false;
        answered = true;
        if (!wanted) {
            toReturn = accepted;
            if (accepted) {
                set(State.ACKNOWLEDGED, "");
            }
            return accepted;
        }
        if (accepted) {
            accepted(now);
        } else {
            refuse(otherwise, now);
        }
        return true;
    }

    private void accepted(long now) {
        refusals = 0;
        acknowledgedAt = now;
        boolean alarm = fruitless >= FRUITLESS;
        set(
                alarm ? State.STALE : State.ACKNOWLEDGED,
                alarm ? "silent although subscribed anew " + fruitless + " times" : "");
        if (renewThen) {
            renewThen = false;
            renew("its beginning is missing", now);
        }
    }

    private void refuse(String why, long now) {
        notBefore = now + retry * (1L << Math.min(refusals, MOST_DOUBLINGS));
        refusals++;
        set(State.REFUSED, why);
    }

    /** @return whether it is still of interest */
    boolean returned(long now) {
        underWay = false;
        mayBeThere = false;
        toReturn = false;
        if (wanted) {
            notBefore = now;
            set(State.DESIRED, reason);
        }
        return wanted;
    }

    /** The call as a whole came to nothing. @param pause before the next, nanoseconds; zero for none */
    void again(boolean subscribe, long pause, long now) {
        underWay = false;
        if (pause > 0) {
            notBefore = now + pause;
        }
        if (subscribe) {
            set(State.DESIRED, "");
        }
    }

    // --- what happens to it later

    /** Give back and ask again, for that is what brings a snapshot. Paced. */
    void renew(String why, long now) {
        if (underWay && !toReturn) {
            renewThen = true;
        } else if (subscribed() && !toReturn) {
            toReturn = true;
            pace(now);
            reason = why;
            changed.add(spec.name());
        }
    }

    /** The server, which had it, ended it by itself. Paced. @return whether it is still of interest */
    boolean ended(String why, long now) {
        toReturn = false;
        pace(now);
        set(State.DESIRED, why);
        return wanted;
    }

    private void pace(long now) {
        notBefore = renewed && now - renewedAt < retry ? renewedAt + retry : now;
        renewed = true;
        renewedAt = notBefore;
    }

    void loggedInAgain(long now) {
        if (holds()) {
            notBefore = now;
            mayBeThere = true;
            set(State.DESIRED, "");
        }
    }

    /** The server, which is to have it, has listed what there is without this one. */
    void notListed(long now) {
        refuse("acknowledged, but not in the server's list", now);
    }

    /**
     * Renews it if it is silent for too long.
     *
     * @param last when its last message came; {@code Long.MIN_VALUE} for none on this connection
     * @param grace silence before that was ours
     * @return whether it is an alarm from now on
     */
    boolean silent(long last, long grace, long now) {
        boolean heard = last != Long.MIN_VALUE && last - acknowledgedAt >= 0;
        if (heard && fruitless > 0) {
            fruitless = 0;
            set(State.ACKNOWLEDGED, "");
        }
        if (now - since(last, grace) < spec.silence().toNanos()) {
            return false;
        }
        fruitless = heard ? 1 : fruitless + 1;
        renew("silent", now);
        return fruitless == FRUITLESS;
    }

    private long since(long last, long grace) {
        long since = last != Long.MIN_VALUE && last - acknowledgedAt > 0 ? last : acknowledgedAt;
        return grace - since > 0 ? grace : since;
    }

    // --- asked

    ChannelSpec spec() {
        return spec;
    }

    State state() {
        return state;
    }

    String reason() {
        return reason;
    }

    /** Whether the server said to have it. */
    boolean subscribed() {
        return state == State.ACKNOWLEDGED || state == State.STALE;
    }

    /** Whether it is given back only as the server might have it still. */
    boolean isDoubtful() {
        return mayBeThere && !subscribed();
    }

    /** Whether the server has it, and is to keep it. */
    boolean holds() {
        return wanted && subscribed() && !toReturn;
    }

    /** Whether it counts for what a connection may have. */
    boolean takesRoom() {
        return subscribed() || underWay || toReturn;
    }

    /** Whether it is wanted and nothing was said of it yet. */
    boolean open() {
        return wanted && !answered;
    }

    /** Whether it waits for a call. @param room whether the connection may have one more */
    boolean waits(boolean loggedIn, boolean room) {
        boolean asks = wanted && !subscribed() && !underWay && !(spec.needsLogIn() && !loggedIn);
        return toReturn || asks && room;
    }

    long untilAsked(long now) {
        return Math.max(1, notBefore - now);
    }

    /** Whether its silence is looked at. */
    boolean mustBeHeard() {
        return !spec.silence().isZero() && subscribed() && !toReturn;
    }

    long untilSilent(long last, long grace, long now) {
        return Math.max(1, spec.silence().toNanos() - (now - since(last, grace)));
    }
}
