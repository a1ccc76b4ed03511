// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;
import java.util.Optional;

/** A limit for what may be sent left no room for the message; it was not sent. */
public final class SendLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String limit;
    private final transient Duration allowedIn;

    /** @param allowedIn null for a message that the limit never allows */
    public SendLimitException(String clientId, String limit, Duration allowedIn) {
        super(
                "Client '" + clientId + "' did not send: limit '" + limit + "' "
                        + (allowedIn == null
                                ? "never allows a message so long"
                                : "allows it in " + allowedIn.toMillis() + " ms at the earliest"),
                null,
                false,
                false);
        this.limit = limit;
        this.allowedIn = allowedIn;
    }

    /** An option, or the name that the exchange plugin gives the limit. */
    public String limit() {
        return limit;
    }

    /** From the moment it failed, at the earliest, if nothing else is sent meanwhile; empty: never. */
    public Optional<Duration> allowedIn() {
        return Optional.ofNullable(allowedIn);
    }
}
