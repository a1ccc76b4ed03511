// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;

/**
 * The bounds of a listener's queue and what happens at them. Immutable.
 *
 * @param maxMessages messages that may wait
 * @param maxBytes their bytes that may wait
 * @param blockMax how long reading may stop, for {@link Kind#BLOCK} and while a direct listener catches up after an event
 */
public record OverflowPolicy(Kind kind, int maxMessages, int maxBytes, Duration blockMax) {
    public enum Kind {
        /** Replace the connection, with a gap. */
        DISCONNECT,
        /** Drop the oldest and report the gap. */
        DROP_OLDEST,
        /** Stop reading, so that the server waits; bounded in time. */
        BLOCK
    }
}
