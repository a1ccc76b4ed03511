// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.supervision;

import java.time.Duration;
import java.util.Objects;

/**
 * How a child wants to be supervised.
 *
 * @param id unique within the group
 * @param restart which exits lead to a restart
 * @param shutdown time for an orderly stop, at least 0, or {@link #BRUTAL_KILL} or {@link #INFINITY}
 * @param order place in the start order, lowest first; among equals the order of attachment counts
 * @param quickestFailure least time from a start to giving up, however bad things are; zero when it is not known. From it a
 *     supervisor sees whether an outage alone could use up its restarts
 * @param significant whether its end may end the group, if the group's {@code auto.shutdown} says so; not with
 *     {@link Restart#PERMANENT}
 * @param type what it is
 */
public record ChildSpec(
        String id,
        Restart restart,
        Duration shutdown,
        int order,
        Duration quickestFailure,
        boolean significant,
        Type type) {

    /** As {@link #shutdown}: no orderly stop, ended by force at once. */
    public static final Duration BRUTAL_KILL = Duration.ofNanos(-1);

    /** As {@link #shutdown}: never ended by force. */
    public static final Duration INFINITY = Duration.ofNanos(Long.MAX_VALUE);

    /** As in OTP. */
    public enum Restart {
        /** After every exit. */
        PERMANENT,
        /** Only after an abnormal exit. */
        TRANSIENT,
        /** Never. */
        TEMPORARY
    }

    /** As in OTP. */
    public enum Type {
        WORKER,
        /** Has children of its own: its start is waited for without limit. */
        SUPERVISOR
    }

    /** @throws IllegalArgumentException if {@code shutdown} is negative and not {@link #BRUTAL_KILL} */
    public ChildSpec {
        Objects.requireNonNull(id);
        Objects.requireNonNull(restart);
        Objects.requireNonNull(shutdown);
        Objects.requireNonNull(quickestFailure);
        Objects.requireNonNull(type);
        if (shutdown.isNegative() && !shutdown.equals(BRUTAL_KILL)) {
            throw new IllegalArgumentException("shutdown must be at least 0: " + shutdown);
        }
    }

    /** A worker that is not significant. */
    public ChildSpec(String id, Restart restart, Duration shutdown, int order, Duration quickestFailure) {
        this(id, restart, shutdown, order, quickestFailure, false, Type.WORKER);
    }
}
