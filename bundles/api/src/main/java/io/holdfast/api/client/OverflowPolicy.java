// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;

/**
 * The bounds of a listener's queue and what happens at them. Immutable.
 *
 * @param maxMessages messages that may wait
 * @param maxBytes their bytes that may wait
 * @param blockMax for {@link Kind#BLOCK}: how long reading may stop
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
