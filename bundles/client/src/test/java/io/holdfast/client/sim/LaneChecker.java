// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.Continuity;
import java.time.Duration;

/**
 * What one listener's place is told, over all listeners that come to it one after another: each message once and in order by
 * the client's numbering and by the server's, or the gap that names the missing ones, in its place.
 */
final class LaneChecker {
    private final String clientId;
    private final Checker checker;
    private boolean joined;
    private boolean left;

    /** By the client's numbering. */
    private long next = 1;

    private long missing;

    /** Of the last message, by the server's numbering. */
    private String peer = "";

    private long seq;
    private long connection;

    /** Messages told missing since the last message or interruption. */
    private long missingSince;

    private boolean interrupted = true;

    /** Nothing is known of the server's numbers on this connection and those before. */
    private long unknownUpTo;

    private boolean gapJustTold;

    /** Of a client with a session; null without one. */
    private StreamChecker streams;

    LaneChecker(String clientId, Checker checker) {
        this.clientId = clientId;
        this.checker = checker;
    }

    /** The client has a session. */
    void follows(StreamChecker channels) {
        streams = channels;
    }

    /** The user wants the channel, or gives it back. */
    void ordered(String channel, boolean yes) {
        checker.note("  ", clientId, yes ? " wants " : " gives back ", channel);
        streams.ordered(channel);
    }

    /** Messages told to be missing. */
    long missing() {
        return missing;
    }

    /** A listener was called on the transport's thread, or on the only one there is here, and took its time. */
    void heldUpTheProcess(Duration span) {
        checker.busy(span);
    }

    private void broken(String text) {
        checker.violated(Rule.CONTINUITY, clientId + ": " + text);
    }

    void message(long sequence, long on, String text, boolean gone) {
        called(gone);
        if (sequence != next) {
            broken("message " + sequence + " where " + next + " should come");
        }
        next = sequence + 1;
        NumberedFrame frame = NumberedFrame.of(text);
        if (frame == null) {
            broken("a frame that is not the listener's: " + text);
            return;
        }
        if (streams != null) {
            streams.message(on, frame);
        } else {
            placed(sequence, on, frame);
        }
        if (!history().rotates(on)) {
            ofOne(on, frame.peer(), frame.seq());
        }
        connection = Math.max(on, connection);
        peer = frame.peer();
        seq = frame.seq();
        missingSince = 0;
        interrupted = false;
        gapJustTold = false;
    }

    private ClientHistory history() {
        return checker.history(clientId);
    }

    /** Without an exchange plugin listeners get what came, in the order in which it came, of two connections too. */
    private void placed(long sequence, long on, NumberedFrame frame) {
        Arrivals.Arrival came = history().arrivals.at(sequence);
        if (came != null && (came.connection() != on || came.seq() != frame.seq())) {
            broken("message " + sequence + " is number " + frame.seq() + " of connection " + on + ", what came was "
                    + came);
        }
    }

    /** A connection that replaces none and is not replaced. */
    private void ofOne(long on, String from, long number) {
        if (on != connection) {
            begins(on, number);
        } else if (!from.equals(peer) || number != seq + 1 + missingSince) {
            broken(from + " number " + number + " after " + peer + " number " + seq + " and " + missingSince
                    + " told missing");
        }
    }

    /** The first message of a connection. */
    private void begins(long on, long number) {
        if (on < connection) {
            broken("a message of connection " + on + " after one of " + connection);
        }
        if (!interrupted) {
            broken("a message of connection " + on + " after " + connection + " without an interruption");
        }
        if (on > unknownUpTo && number != 1 + missingSince) {
            broken("connection " + on + " begins with number " + number + ", told missing " + missingSince);
        }
    }

    void continuity(Continuity event, boolean gone) {
        called(gone);
        checker.note("      ", clientId, " is told ", event);
        if (event instanceof Continuity.Joined e) {
            joined(e);
        } else if (event instanceof Continuity.Gap e && e.stream().isEmpty()) {
            gap(e);
        } else if (event instanceof Continuity.Interrupted e) {
            interrupted(e);
        } else if (event instanceof Continuity.Left) {
            left = true;
        }
        if (streams != null && event instanceof Continuity.Gap e && !e.stream().isEmpty()) {
            streams.gap(e);
        }
        // Those of streams come between the client's gap and the interruption.
        gapJustTold =
                event instanceof Continuity.Gap g && (gapJustTold || g.stream().isEmpty());
    }

    private void called(boolean gone) {
        if (gone) {
            broken("a listener is called that was removed");
        }
        if (left) {
            broken("a listener is called after it was told that it left");
        }
    }

    private void joined(Continuity.Joined e) {
        if (e.sequence() < next - 1) {
            broken("joined after " + e.sequence() + ", was at " + next);
        }
        joined = true;
        next = e.sequence() + 1;
        unknownUpTo = history().newest();
        begunAnew(true);
    }

    private void begunAnew(boolean late) {
        interrupted = true;
        missingSince = 0;
        if (streams != null) {
            streams.interrupted(unknownUpTo, late);
        }
    }

    private void gap(Continuity.Gap e) {
        if (!joined || e.from() != next || e.to() < e.from()) {
            broken("gap from " + e.from() + " to " + e.to() + " where " + next + " should come");
        }
        long count = e.to() - e.from() + 1;
        missing += count;
        missingSince += count;
        if (streams != null) {
            streams.missing(count);
        }
        next = e.to() + 1;
    }

    private void interrupted(Continuity.Interrupted e) {
        // Several interruptions of a listener that was away are told as one, after one gap.
        boolean folded = gapJustTold && e.sequence() < next - 1;
        if (e.sequence() != next - 1 && !folded) {
            broken("interrupted after message " + e.sequence() + ", " + next + " should come");
        }
        if (!folded && e.connection() > unknownUpTo && history().endedByPeer(e.connection())) {
            complete(e.connection());
        }
        if (folded) {
            unknownUpTo = history().newest();
        }
        begunAnew(folded);
    }

    /** That everything the peer had sent on that connection was delivered or told missing. */
    void complete(long number) {
        if (!joined || number <= unknownUpTo) {
            return;
        }
        SimulatedPeer from =
                history().connection(number).map(SimulatedConnection::peer).orElse(null);
        long sent = from == null ? 0 : from.sent;
        if (!history().rotates(number)) {
            long known = (connection == number ? seq : 0) + missingSince;
            if (known != sent) {
                broken("connection " + number + ": " + sent + " were sent, " + known + " delivered or told missing");
            }
        } else if (streams == null) {
            long came = history().arrivals.until(number);
            if (next - 1 != came) {
                broken("connection " + number + ": " + came + " came, " + (next - 1) + " delivered or told missing");
            }
        } else if (from != null) {
            streams.complete(number, from.session.newest());
        }
    }
}
