// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.Optional;

/** A call without the answer that was hoped for. */
public final class CallFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What may have become of it. */
    public enum Outcome {
        /** The server does not know of it. */
        NOT_SENT,
        /** The server answered with an error. */
        REFUSED,
        /**
         * It was sent, and no answer came in time or before the connection ended, or the answer says that it is not known: it
         * may or may not have been carried out.
         */
        UNKNOWN
    }

    private final String id;
    private final Outcome outcome;
    private final transient Failure failure;

    /**
     * @param id the call's, as told in {@link io.holdfast.api.client.Continuity.Resumed}; empty if it had none
     * @param failure the server's error, null if there is none
     */
    public CallFailedException(String id, Outcome outcome, String message, Failure failure) {
        super(message, null, false, false);
        this.id = id;
        this.outcome = outcome;
        this.failure = failure;
    }

    public String id() {
        return id;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** The server's error, if it sent one. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }
}
