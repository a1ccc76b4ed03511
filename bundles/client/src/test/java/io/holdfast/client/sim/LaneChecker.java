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

    /** Two connections bring the same while one replaces the other; until the next interruption. Last number of the older. */
    private boolean mixed;

    private long olderConnection;
    private String olderPeer = "";
    private long olderSeq;

    /** Nothing is known of the server's numbers on this connection and those before. */
    private long unknownUpTo;

    private boolean gapJustTold;

    LaneChecker(String clientId, Checker checker) {
        this.clientId = clientId;
        this.checker = checker;
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
        int at = text.indexOf("\"peer\":\"");
        if (at < 0) {
            broken("a frame that is not the listener's: " + text);
            return;
        }
        int end = text.indexOf('"', at + 8);
        String from = text.substring(at + 8, end);
        long number = Long.parseLong(text.substring(end + 8, text.length() - 1));
        if (!interrupted && mixed && on == olderConnection) {
            follows(from, olderPeer, number, olderSeq);
            olderSeq = number;
            gapJustTold = false;
            return;
        }
        if (on != connection) {
            begins(on, number);
        } else if (mixed) {
            follows(from, peer, number, seq);
        } else if (!from.equals(peer) || number != seq + 1 + missingSince) {
            broken(from + " number " + number + " after " + peer + " number " + seq + " and " + missingSince
                    + " told missing");
        }
        connection = on;
        peer = from;
        seq = number;
        missingSince = mixed ? missingSince : 0;
        interrupted = false;
        gapJustTold = false;
    }

    /** What is told missing while two connections bring messages may be of either. */
    private void follows(String from, String before, long number, long last) {
        if (!from.equals(before) || number <= last || number > last + 1 + missingSince) {
            broken(from + " number " + number + " after " + before + " number " + last + " and at most " + missingSince
                    + " told missing");
        } else {
            missingSince -= number - last - 1;
        }
    }

    /** The first message of a connection. */
    private void begins(long on, long number) {
        if (on < connection) {
            broken("a message of connection " + on + " after one of " + connection);
        }
        boolean replaces = checker.history(clientId).beganBeside(on);
        mixed = !interrupted && replaces;
        if (mixed) {
            olderConnection = connection;
            olderPeer = peer;
            olderSeq = seq;
        }
        if (!interrupted && !replaces) {
            broken("a message of connection " + on + " after " + connection + " without an interruption");
        }
        if (on > unknownUpTo && (number < 1 || number > 1 + missingSince)) {
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
        gapJustTold = event instanceof Continuity.Gap g && g.stream().isEmpty();
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
        unknownUpTo = checker.history(clientId).current();
        interrupted = true;
        missingSince = 0;
    }

    private void gap(Continuity.Gap e) {
        if (!joined || e.from() != next || e.to() < e.from()) {
            broken("gap from " + e.from() + " to " + e.to() + " where " + next + " should come");
        }
        long count = e.to() - e.from() + 1;
        missing += count;
        missingSince += count;
        next = e.to() + 1;
    }

    private void interrupted(Continuity.Interrupted e) {
        // Several interruptions of a listener that was away are told as one, after one gap.
        boolean folded = gapJustTold && e.sequence() < next - 1;
        if (e.sequence() != next - 1 && !folded) {
            broken("interrupted after message " + e.sequence() + ", " + next + " should come");
        }
        if (!folded && e.connection() > unknownUpTo && checker.history(clientId).endedByPeer(e.connection())) {
            complete(e.connection());
        }
        if (folded) {
            unknownUpTo = checker.history(clientId).current();
        }
        interrupted = true;
        missingSince = 0;
    }

    /** That everything the peer had sent on that connection was delivered or told missing. */
    void complete(long number) {
        if (!joined || number <= unknownUpTo) {
            return;
        }
        SimulatedPeer from = checker.history(clientId)
                .connection(number)
                .map(SimulatedConnection::peer)
                .orElse(null);
        long sent = from == null ? 0 : from.sent;
        long known = (connection == number ? seq : 0) + missingSince;
        // What was told missing may be of the connection that this one replaced.
        boolean atLeast = mixed || checker.history(clientId).beganBeside(number);
        if (atLeast ? known < sent : known != sent) {
            broken("connection " + number + ": " + sent + " were sent, " + known + " delivered or told missing");
        }
    }
}
