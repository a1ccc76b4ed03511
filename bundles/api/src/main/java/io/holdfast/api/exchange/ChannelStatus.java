// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A channel in one moment.
 *
 * @param reason why it is not as it should be; empty if it is
 * @param lastMessageAgo time since its last message on any connection; empty before the first
 * @param gaps gaps found in its sequence, over the client's life
 * @param resubscribed how often it was given back, or ended by the server, and asked for again on a living connection
 */
public record ChannelStatus(
        String name, State state, String reason, Optional<Duration> lastMessageAgo, long gaps, long resubscribed) {
    public enum State {
        /** Wanted, not asked for on this connection yet. */
        DESIRED,
        /** Asked for, not answered. */
        REQUESTED,
        /** The server says that it is subscribed; nothing came yet. */
        ACKNOWLEDGED,
        /** Data came on this connection. */
        PROVEN,
        /** The server left it out or refused it; it is asked for again later. */
        REFUSED,
        /** Silent although it was subscribed anew; an alarm. */
        STALE
    }

    public ChannelStatus {
        Objects.requireNonNull(name);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(lastMessageAgo);
    }
}
