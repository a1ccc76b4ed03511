// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates messages (RFC 7692, 7.2.2) into their assembly, within its limit and a ratio: some hundred bytes must not make
 * megabytes. Holds memory outside the heap from the first compressed message on: about 40 kB.
 */
final class Inflation implements AutoCloseable {
    /** How many times its size a message may be inflated to. */
    private static final int MAX_RATIO = 100;

    /** Below this size the ratio does not matter: repetitions in small messages pass it honestly. */
    private static final int RATIO_FROM = 1 << 20;

    /** What the sender leaves away at a message's end. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /** Room made ready for each turn. */
    private static final int STEP = 4 * 1024;

    private final Compression compression;
    private final Assembly out;
    private Inflater inflater;
    private long consumed;
    private boolean closed;

    Inflation(Compression compression, Assembly out) {
        this.compression = compression;
        this.out = out;
    }

    /** @param last whether the message ends here */
    void inflate(byte[] bytes, int from, int length, boolean last) throws Violation {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        consumed += length;
        try {
            inflate(bytes, from, length);
            if (last) {
                inflate(TAIL, 0, TAIL.length);
            }
        } catch (DataFormatException e) {
            throw new Violation(CloseCode.BAD_PAYLOAD, "a message cannot be inflated");
        }
        if (last) {
            consumed = 0;
            if (compression.serverNoContextTakeover()) {
                inflater.reset();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        if (inflater != null) {
            inflater.end();
        }
    }

    private void inflate(byte[] bytes, int from, int length) throws DataFormatException, Violation {
        inflater.setInput(bytes, from, length);
        while (true) {
            int room = out.array().length - out.length();
            if (room == 0 && out.left() > 0) {
                out.makeRoom(Math.min(STEP, out.left()));
                room = out.array().length - out.length();
            }
            int made = room > 0 ? inflater.inflate(out.array(), out.length(), room) : probe();
            out.grow(made);
            checkRatio();
            if (inflater.finished()) {
                // A block may be marked as the stream's last (RFC 7692, 7.2.3.4); what follows is a stream of its own.
                int rest = inflater.getRemaining();
                inflater.reset();
                if (rest == 0) {
                    return;
                }
                inflater.setInput(bytes, from + length - rest, rest);
            } else if (made == 0) {
                if (inflater.needsDictionary()) {
                    throw new DataFormatException("a dictionary is asked for");
                }
                return;
            }
        }
    }

    /** The message has its largest size: there must be nothing more in it. */
    private int probe() throws DataFormatException, Violation {
        if (inflater.inflate(new byte[1]) > 0) {
            throw new Violation(CloseCode.TOO_LARGE, "a message is larger than allowed after inflating");
        }
        return 0;
    }

    private void checkRatio() throws Violation {
        if (out.length() > RATIO_FROM && out.length() / MAX_RATIO > consumed) {
            throw new Violation(
                    CloseCode.TOO_LARGE, "a message inflates to more than " + MAX_RATIO + " times its size");
        }
    }
}
