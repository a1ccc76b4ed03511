// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

/**
 * A frame for listeners as a simulated server makes it.
 *
 * @param peer the server's side of the connection
 * @param seq its place among all such frames of that connection
 * @param channel empty for what belongs to no session
 * @param place among the messages of that channel on that connection; 0 for what belongs to no session
 * @param feed its place in the channel, whichever connections bring it
 * @param times how often the channel was asked for on that connection when this snapshot was made; 0 for no snapshot
 * @param before the change before it; negative for none
 * @param change of a book; negative for none
 */
record NumberedFrame(
        String peer, long seq, String channel, long place, long feed, long times, long before, long change) {
    /** Null for any other frame. */
    static NumberedFrame of(String text) {
        int at = text.indexOf("\"peer\":\"");
        if (at < 0) {
            return null;
        }
        String peer = word(text, at + 8);
        long seq = number(text, "\"seq\":", -1);
        long place = number(text, "\"place\":", 0);
        if (place == 0) {
            return new NumberedFrame(peer, seq, "", 0, 0, 0, -1, -1);
        }
        return new NumberedFrame(
                peer,
                seq,
                word(text, text.indexOf("\"channel\":\"") + 11),
                place,
                number(text, "\"feed\":", 0),
                number(text, "\"times\":", 0),
                number(text, "\"prev_change_id\":", -1),
                number(text, "\"change_id\":", -1));
    }

    boolean book() {
        return change >= 0;
    }

    private static String word(String text, int from) {
        return text.substring(from, text.indexOf('"', from));
    }

    private static long number(String text, String member, long absent) {
        int at = text.lastIndexOf(member);
        if (at < 0) {
            return absent;
        }
        int from = at + member.length();
        int to = from;
        while (to < text.length() && Character.isDigit(text.charAt(to))) {
            to++;
        }
        return Long.parseLong(text.substring(from, to));
    }
}
