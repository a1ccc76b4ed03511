// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Something the server says unasked that the session must know.
 *
 * @param channels those concerned
 * @param failure for {@link Kind#FAILED}
 */
public record Event(Kind kind, List<String> channels, Optional<Failure> failure) implements Inbound {
    public enum Kind {
        /** Nothing of the session's. */
        NONE,
        /** The channels are subscribed. */
        SUBSCRIBED,
        /** The channels have ended, although nobody asked for it: they are subscribed again. */
        ENDED,
        /** The log-in does not hold any more. */
        LOGGED_OUT,
        /** The server will close the connection soon: a new one is set up beside it and takes over. */
        NOTICE,
        /** Something went wrong that is no answer to a call. */
        FAILED
    }

    public static final Event NONE = new Event(Kind.NONE, List.of(), Optional.empty());

    public Event {
        Objects.requireNonNull(kind);
        channels = List.copyOf(channels);
        Objects.requireNonNull(failure);
    }
}
