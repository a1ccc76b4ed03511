// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One message or control frame received from a client.
 *
 * @param nanos {@link System#nanoTime()} when it was complete
 * @param kind what it was
 * @param payload its bytes
 */
public record Received(long nanos, Kind kind, byte[] payload) {

    /** Kinds of received things. */
    public enum Kind {
        TEXT,
        BINARY,
        PING,
        PONG
    }

    /** The payload read as UTF-8. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Received that
                && nanos == that.nanos
                && kind == that.kind
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(nanos) + kind.hashCode()) + Arrays.hashCode(payload);
    }

    /** The content is left out: it may hold credentials. */
    @Override
    public String toString() {
        return "Received[" + kind + ", " + payload.length + " bytes]";
    }
}
