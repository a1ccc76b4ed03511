// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a child may take to stop.
 *
 * @param nanos time for an orderly stop in nanoseconds, at least 0, before the child is killed;
 *              {@link #BRUTAL_KILL} and {@link #INFINITY} use values of their own
 */
public record ShutdownLimit(long nanos) {

    /** No orderly stop: killed at once. */
    public static final ShutdownLimit BRUTAL_KILL = new ShutdownLimit(-1);
    /** Never killed; right for children that are supervisors. */
    public static final ShutdownLimit INFINITY = new ShutdownLimit(Long.MAX_VALUE);
    /** OTP's limit for workers, 5 s. */
    public static final ShutdownLimit DEFAULT = new ShutdownLimit(TimeUnit.SECONDS.toNanos(5));

    public ShutdownLimit {
        if (nanos < -1) {
            throw new IllegalArgumentException("shutdown limit must be at least 0: " + nanos);
        }
    }

    /** A limit of that length; 0 means an orderly stop is asked for and killed in the same moment. */
    public static ShutdownLimit of(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("shutdown limit must be at least 0: " + limit);
        }
        // One object for most: there are ten thousand children.
        return limit.toNanos() == DEFAULT.nanos ? DEFAULT : new ShutdownLimit(limit.toNanos());
    }
}
