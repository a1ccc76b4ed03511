// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.Objects;

/**
 * What a supervisor knows of a child beforehand.
 *
 * @param id          unique in its supervisor, under every strategy
 * @param restart     which exits lead to a restart
 * @param significant whether its end can end the supervisor, see {@link AutoShutdown}; {@link Strategy#DYNAMIC} ignores it
 * @param shutdown    how long it may take to stop
 * @param type        what it is; for counting, and a supervisor's start is waited for without limit
 * @param order       its place in the start order, lowest first; among equals the order in which they came
 */
public record ChildSpec(
        String id, RestartType restart, boolean significant, ShutdownLimit shutdown, Type type, int order) {

    /** What a child is. */
    public enum Type {
        WORKER,
        SUPERVISOR
    }

    public ChildSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(restart, "restart");
        Objects.requireNonNull(shutdown, "shutdown");
        Objects.requireNonNull(type, "type");
        if (id.isEmpty()) {
            throw new IllegalArgumentException("child id must not be empty");
        }
    }

    /** As in OTP: after those that were there before. */
    public ChildSpec(String id, RestartType restart, boolean significant, ShutdownLimit shutdown, Type type) {
        this(id, restart, significant, shutdown, type, 0);
    }

    /** A worker that is not significant and has 5 s to stop. */
    public static ChildSpec worker(String id, RestartType restart) {
        return new ChildSpec(id, restart, false, ShutdownLimit.DEFAULT, Type.WORKER);
    }

    /** A supervisor that is not significant and has for ever to stop. */
    public static ChildSpec supervisor(String id, RestartType restart) {
        return new ChildSpec(id, restart, false, ShutdownLimit.INFINITY, Type.SUPERVISOR);
    }
}
