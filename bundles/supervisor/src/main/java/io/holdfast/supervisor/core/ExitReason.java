// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.Objects;

/**
 * Why a child, or a supervisor, ended: plain data, never a {@link Throwable}.
 *
 * @param kind   what the rules look at
 * @param detail what a reader looks at; empty if there is nothing to add
 * @param retryAfterNanos a restart is not made before so much time has passed; 0: at once
 */
public record ExitReason(Kind kind, String detail, long retryAfterNanos) {

    /** Kinds of ends, the first group being clean: a transient child is not restarted after them. */
    public enum Kind {
        /** It had nothing more to do, or was closed locally. */
        NORMAL,
        /** It was told to, or says that it must not be run again; OTP's {@code shutdown} and {@code {shutdown, Term}}. */
        SHUTDOWN,
        /**
         * The far side refuses for good, as with wrong credentials. To OTP it would be {@code {shutdown, refused}};
         * see {@link SupervisorSpec#restartRefused()}.
         */
        REFUSED,
        /** An operator ended this incarnation to have a new one; see {@link SupervisorSpec#uncounted()}. */
        OPERATOR,
        /** It was told by the far side to stay away for a while: until {@link ExitReason#retryAfterNanos()}, if that is known. */
        BANNED,
        /** It gave up after its attempts. */
        FAILED,
        /** Its peer broke the protocol. */
        PROTOCOL,
        /** Any other failure. */
        CRASH,
        /** It was ended by force. */
        KILLED
    }

    public static final ExitReason NORMAL = new ExitReason(Kind.NORMAL, "");
    public static final ExitReason SHUTDOWN = new ExitReason(Kind.SHUTDOWN, "");
    public static final ExitReason OPERATOR = new ExitReason(Kind.OPERATOR, "");
    public static final ExitReason KILLED = new ExitReason(Kind.KILLED, "");

    public ExitReason(Kind kind, String detail) {
        this(kind, detail, 0);
    }

    public ExitReason {
        if (retryAfterNanos < 0) {
            throw new IllegalArgumentException("retryAfter must be at least 0: " + retryAfterNanos);
        }
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }

    public static ExitReason shutdown(String detail) {
        return new ExitReason(Kind.SHUTDOWN, detail);
    }

    public static ExitReason refused(String detail) {
        return new ExitReason(Kind.REFUSED, detail);
    }

    public static ExitReason crash(String detail) {
        return new ExitReason(Kind.CRASH, detail);
    }

    /** True if a transient child is not restarted after it. */
    public boolean isClean() {
        return kind == Kind.NORMAL || kind == Kind.SHUTDOWN || kind == Kind.REFUSED;
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(java.util.Locale.ROOT);
        return detail.isEmpty() ? name : name + "(" + detail + ")";
    }
}
