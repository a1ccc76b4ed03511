// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.account;

import java.util.Optional;

/**
 * Where a numbered message of the simulator belongs.
 *
 * @param stream Deribit channel, Binance stream (empty for one that is not wrapped) or generic path
 * @param number the value of {@code seq}
 */
record Numbered(String stream, long number) {

    private static final String NUMBER = "\"seq\":";
    private static final String[] STREAMS = {"\"channel\":\"", "\"stream\":\""};

    /** Without a JSON parser, as this runs for every message: the simulator writes both members plainly. Empty for other messages. */
    static Optional<Numbered> find(String text) {
        int at = text.lastIndexOf(NUMBER);
        if (at < 0) {
            return Optional.empty();
        }
        long number = 0;
        int from = at + NUMBER.length();
        int to = from;
        while (to < text.length() && to - from < 18 && Character.isDigit(text.charAt(to))) {
            number = number * 10 + text.charAt(to++) - '0';
        }
        return to == from ? Optional.empty() : Optional.of(new Numbered(stream(text), number));
    }

    private static String stream(String text) {
        for (String member : STREAMS) {
            int at = text.indexOf(member);
            if (at >= 0) {
                int from = at + member.length();
                int to = text.indexOf('"', from);
                return to < 0 ? "" : text.substring(from, to);
            }
        }
        return "";
    }
}
