// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import io.holdfast.simulator.Counters;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Counts what went over one connection, and matches pongs with pings. Loop thread only. */
final class Tally {

    private static final int OPEN_PINGS = 64; // older ones are forgotten: their pong is then unsolicited

    long bytesIn;
    long bytesSwallowed;
    long framesIn;
    long textIn;
    long binaryIn;
    long pingsIn;
    long pongsOut;
    private long pingsOut;
    private long pongsMatched;
    private long pongsUnsolicited;
    private final ArrayDeque<ByteBuffer> openPings = new ArrayDeque<>();

    void pingSent(byte[] payload) {
        pingsOut++;
        openPings.add(ByteBuffer.wrap(payload.clone()));
        if (openPings.size() > OPEN_PINGS) {
            openPings.poll();
        }
    }

    void pongReceived(byte[] payload) {
        if (openPings.remove(ByteBuffer.wrap(payload))) {
            pongsMatched++;
        } else {
            pongsUnsolicited++;
        }
    }

    Counters snapshot(long bytesOut, long framesOut) {
        return new Counters(
                bytesIn,
                bytesOut,
                bytesSwallowed,
                framesIn,
                framesOut,
                textIn,
                binaryIn,
                pingsIn,
                pongsOut,
                pingsOut,
                pongsMatched,
                pongsUnsolicited);
    }
}
