// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.Cause;
import java.time.Duration;
import java.util.Optional;

/**
 * What a failed attempt or a lost connection means.
 *
 * @param told how long the server told us to wait, for {@link Kind#WAIT}
 */
record Verdict(Kind kind, Cause cause, Optional<Duration> told) {
    enum Kind {
        /** Try again with back-off. */
        RETRY,
        /** The protocol was broken: try again later, but not often. */
        PROTOCOL,
        /** Wait as told, and every client of the endpoint group with it; not a failed attempt. */
        WAIT,
        /** Nothing was tried: ask again soon; not a failed attempt. */
        LATER,
        /** Refused for good. */
        REFUSED
    }

    static Verdict of(Kind kind, Cause cause) {
        return new Verdict(kind, cause, Optional.empty());
    }
}
