// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.Continuity;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a lane gets of the channels of a session, over rotations.
 *
 * <p>A book goes on with the change after the last one, whichever connection brings it; or after a gap that names what is
 * missing; or with a snapshot: after a gap, where the user asked for the channel anew, or, if it repeats what the book is,
 * where the client itself did. A channel without numbers has every
 * message of its connection up to the first one that came after another connection took over, and all of that one from there;
 * or all of that one from its first on, if its connection had brought none since the other was permitted.
 */
final class StreamChecker {
    /** What is kept back of a channel without numbers. */
    private static final int MOST_KEPT = 64;

    private static final class Channel {
        /** Of the last message; 0 after an interruption. */
        private long connection;

        private long place;
        private long feed;
        private long change;

        /** A gap was told that no snapshot has healed. */
        private boolean healing;

        /** Given back or wanted by the user. */
        private boolean ordered;

        /** Nothing came since the interruption, and a gap was told that begins behind what a connection brought; 0 for none. */
        private long toldUpTo;

        private void isAt(long on, NumberedFrame last) {
            connection = on;
            place = last.place();
            feed = last.feed();
            change = last.change();
        }
    }

    private final Arrivals arrivals;
    private final Consumer<String> broken;
    private final Map<String, Channel> channels = new HashMap<>();

    /** Messages told missing by the client's numbers since the last interruption: of any channel. */
    private long budget;

    /** Of these connections the listener may have missed the beginning. */
    private long unknownUpTo;

    /** There was no interruption since it came. */
    private boolean cameLate;

    StreamChecker(Arrivals arrivals, Consumer<String> broken) {
        this.arrivals = arrivals;
        this.broken = broken;
    }

    private Channel of(String name) {
        return channels.computeIfAbsent(name, n -> new Channel());
    }

    void ordered(String name) {
        of(name).ordered = true;
    }

    /** Messages are told missing by the client's numbers. */
    void missing(long count) {
        budget += count;
    }

    /**
     * All may be anew from here on.
     *
     * @param unknown the newest connection whose beginning the listener may have missed
     * @param late the listener has just come
     */
    void interrupted(long unknown, boolean late) {
        unknownUpTo = Math.max(unknownUpTo, unknown);
        cameLate = late;
        budget = 0;
        channels.values().forEach(c -> {
            c.connection = 0;
            c.toldUpTo = 0;
        });
    }

    /** So many must have been told missing. */
    private void owes(long missing, String what) {
        if (missing > budget) {
            broken.accept(what + ", " + missing + " missing, told were " + budget);
        } else {
            budget -= missing;
        }
    }

    void gap(Continuity.Gap e) {
        Channel c = of(e.stream());
        if (c.connection == 0) {
            if (!cameLate && budget == 0) {
                broken.accept("a gap of " + e.stream() + " where nothing of it came on any connection");
            }
            boolean behind = arrivals.endedWith(e.stream(), e.from() - 1);
            c.toldUpTo = behind && e.to() >= e.from() ? e.to() : 0;
            return;
        }
        boolean exact = e.from() == c.change + 1 && e.to() >= e.from();
        if (!exact && budget == 0) {
            broken.accept("a gap of " + e.stream() + " from " + e.from() + " to " + e.to() + " after " + c.change);
        }
        c.healing = true;
        c.change = Math.max(c.change, e.to());
    }

    void message(long on, NumberedFrame f) {
        Channel c = of(f.channel());
        String what = f.channel() + " number " + f.place() + " of connection " + on;
        if (c.connection == 0) {
            begins(c, on, f, what);
        } else if (f.book()) {
            book(c, on, f, what);
        } else {
            plain(c, on, f, what);
        }
        c.isAt(on, f);
        c.toldUpTo = 0;
    }

    private void begins(Channel c, long on, NumberedFrame f, String what) {
        boolean told = c.toldUpTo > 0 && (f.times() > 0 ? f.change() >= c.toldUpTo : f.before() == c.toldUpTo);
        // Whoever was told of a gap is also given the snapshot that heals it.
        c.healing = told && f.times() == 0;
        if (told || on <= unknownUpTo) {
            return;
        }
        follows(hidden(c, on, f), f.place(), what + " is the first");
    }

    /** How many messages of the channel on a connection that took over, or inherited, listeners must not get. */
    private long hidden(Channel c, long on, NumberedFrame f) {
        long hidden = arrivals.hidden(on, f.channel());
        boolean wantedAnew = c.ordered && f.place() > hidden;
        return f.book() || wantedAnew || !arrivals.formerSilent(on, f.channel())
                ? hidden
                : Math.max(0, hidden - MOST_KEPT);
    }

    private void follows(long before, long place, String what) {
        if (place <= before) {
            broken.accept(what + " after " + before);
        } else {
            owes(place - before - 1, what + " after " + before);
        }
    }

    private void book(Channel c, long on, NumberedFrame f, String what) {
        String how = what + ", change " + f.before() + " to " + f.change() + " after " + c.change;
        if (f.times() > 0) {
            if (!c.healing && f.times() == 1 && !c.ordered || f.change() < c.change) {
                broken.accept(how + ": a snapshot that nobody asked for");
            } else if (!c.healing && !c.ordered) {
                askedAgain(c, on, f, how);
            }
            c.healing = false;
            c.ordered = false;
        } else if (f.change() <= c.change) {
            broken.accept(how + ": comes twice");
        } else if (f.before() != c.change && !c.healing) {
            owes(Math.max(1, since(c, on, f) - 1), how);
        }
    }

    /**
     * By the client itself: the channel was silent, or the server had left it out, maybe so that the connection took over
     * without it.
     */
    private void askedAgain(Channel c, long on, NumberedFrame f, String how) {
        if (f.change() > c.change) {
            owes(Math.max(1, since(c, on, f) - 1), how + ": a snapshot that jumps");
        }
        if (f.place() > 1) {
            return;
        }
        if (!arrivals.tookOver(on)) {
            broken.accept(how + ": a snapshot of a connection that has not taken over");
        } else if (arrivals.former(on) == c.connection) {
            owes(arrivals.formerPlace(on, f.channel()) - c.place, how + ": the former connection's were not all there");
        }
    }

    /**
     * How many later than the last one. What the server does not send on a connection is not the listener's to miss, nor what
     * it sends there up to the change that the listener has, or was told missing up to, from another.
     */
    private long since(Channel c, long on, NumberedFrame f) {
        return on == c.connection
                ? f.place() - c.place
                : Math.min(f.feed() - c.feed, f.place() - arrivals.placeOfChange(on, f.channel(), c.change));
    }

    private void plain(Channel c, long on, NumberedFrame f, String what) {
        if (on == c.connection) {
            follows(c.place, f.place(), what);
            return;
        }
        if (on < c.connection || !arrivals.tookOver(on)) {
            broken.accept(what + " after one of connection " + c.connection);
            return;
        }
        follows(hidden(c, on, f), f.place(), what + " is the first since it took over");
        if (arrivals.former(on) == c.connection) {
            owes(
                    arrivals.formerPlace(on, f.channel()) - c.place,
                    what + ": the former connection's were not all there");
        }
    }

    /**
     * That everything there was up to the end of that connection, or so far, was delivered or told missing.
     *
     * @param newest of each channel the last message that was sent there
     */
    void complete(long on, Collection<NumberedFrame> newest) {
        long missing = 0;
        for (NumberedFrame last : newest) {
            missing += settles(on, last);
        }
        owes(missing, "connection " + on + " has ended");
    }

    /** How many are missing up to that one. They are paid for once. */
    private long settles(long on, NumberedFrame last) {
        Channel c = of(last.channel());
        long missing;
        if (last.book() && c.connection != 0) {
            missing = last.change() > c.change ? Math.max(1, since(c, on, last)) : 0;
        } else {
            long known = c.connection == on ? c.place : hidden(c, on, last);
            missing = Math.max(0, last.place() - known);
        }
        if (missing > 0) {
            c.isAt(on, last);
        }
        return missing;
    }
}
