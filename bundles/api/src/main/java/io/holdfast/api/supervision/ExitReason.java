// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

import java.time.Duration;
import java.util.Objects;

/**
 * Why an incarnation ended, as plain data.
 *
 * @param description for humans; for {@link Kind#FAILED} the last cause and the number of attempts
 * @param retryAfter a restart is not made before so much time has passed since the exit; zero: at once
 */
public record ExitReason(Kind kind, String description, Duration retryAfter) {

    public enum Kind {
        /** Ended on purpose by its user. */
        NORMAL,
        /** Ended by order of its supervisor or container. */
        SHUTDOWN,
        /** Refused for good: credentials, policy. Not restarted, also if permanent, unless the group says so. */
        REFUSED,
        /** Ended by an operator to be started again. Not counted, unless the group says so. */
        OPERATOR,
        /** Told by the peer to stay away for a while. Not counted if {@link ExitReason#retryAfter} is known, unless the group says so. */
        BANNED,
        /** Gave up after its attempts. */
        FAILED,
        /** The peer broke the protocol repeatedly. */
        PROTOCOL,
        /** Ended by force. */
        KILLED,
        /** A fault in the child itself. */
        CRASH
    }

    /** @throws IllegalArgumentException if {@code retryAfter} is negative */
    public ExitReason {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(description);
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter must be at least 0: " + retryAfter);
        }
    }

    /** One that may be followed by a restart at once. */
    public ExitReason(Kind kind, String description) {
        this(kind, description, Duration.ZERO);
    }

    /** Whether a transient child is restarted after it. */
    public boolean abnormal() {
        return switch (kind) {
            case NORMAL, SHUTDOWN, REFUSED -> false;
            case OPERATOR, BANNED, FAILED, PROTOCOL, KILLED, CRASH -> true;
        };
    }
}
