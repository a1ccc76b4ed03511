// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;
import java.util.List;

/** What happened to a listener's stream of messages, told in the same lane and order as the messages. */
public sealed interface Continuity {
    /** The listener takes part from here on; the next message has a sequence above {@code sequence}. */
    record Joined(long sequence) implements Continuity {}

    /** The connection was lost after message {@code sequence}; what the server sent until {@link Resumed} is not known. */
    record Interrupted(long connection, long sequence, Cause cause) implements Continuity {}

    /**
     * Messages are missing.
     *
     * @param stream the stream, or empty when it is the whole client
     * @param from first missing, by the stream's numbering; for the whole client by {@link Message#sequence()}
     * @param to last missing
     */
    record Gap(String stream, long from, long to, Cause cause) implements Continuity {}

    /**
     * A new connection is ready; with an exchange plugin it is told earlier, before the first data that comes on it.
     *
     * @param span time since the interruption
     * @param channels channels that had data or were acknowledged before, and may have missed something in between; empty
     *     without an exchange plugin
     * @param unknown requests of which nobody knows whether they were carried out
     */
    record Resumed(long connection, Duration span, List<String> channels, List<UnknownCall> unknown)
            implements Continuity {
        public Resumed {
            channels = List.copyOf(channels);
            unknown = List.copyOf(unknown);
        }

        public Resumed(long connection, Duration span) {
            this(connection, span, List.of(), List.of());
        }
    }

    /**
     * A request that was sent and whose connection ended before its answer.
     *
     * @param id as in {@link io.holdfast.api.exchange.CallFailedException#id()}
     */
    record UnknownCall(String id, String method) {}

    /** Nothing more will come. */
    record Left(Cause cause) implements Continuity {}
}
