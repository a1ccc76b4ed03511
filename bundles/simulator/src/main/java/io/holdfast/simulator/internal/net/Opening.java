// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/** Collects the request head and judges it. Loop thread only. */
final class Opening {

    /** {@link #read}: the head is not complete. */
    static final int MORE = 0;

    private static final int MAX = 16 * 1024;

    private final Supplier<List<String>> alpn;
    private final StringBuilder text = new StringBuilder();
    private HttpHead head;

    Opening(Supplier<List<String>> alpn) {
        this.alpn = alpn;
    }

    /** @return {@link #MORE}, 101 for a correct request, or the status to refuse it with; bytes behind it stay */
    int read(ByteBuffer in) {
        while (in.hasRemaining()) {
            text.append((char) (in.get() & 0xff));
            int size = text.length();
            if (size >= 4
                    && text.charAt(size - 1) == '\n'
                    && text.substring(size - 4).equals("\r\n\r\n")) {
                return judge();
            }
            if (size > MAX) {
                return 431;
            }
        }
        return MORE;
    }

    private int judge() {
        try {
            head = HttpHead.parse(text.toString(), alpn.get());
            return Handshake.check(head);
        } catch (IllegalArgumentException e) {
            return 400; // said by the status; there is nobody else to tell
        } finally {
            text.setLength(0);
            text.trimToSize();
        }
    }

    /** Null before a head was parsed. */
    HttpHead head() {
        return head;
    }
}
