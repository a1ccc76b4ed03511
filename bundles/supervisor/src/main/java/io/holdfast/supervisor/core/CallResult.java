// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.List;

/** Answer to a call. */
public sealed interface CallResult {

    /** Done. */
    record Ok() implements CallResult {}

    /** Done, and the child runs as this incarnation. */
    record Running(long incarnation) implements CallResult {}

    /** The child answered its start with "ignore"; its specification is kept, stopped, where the strategy keeps any. */
    record NotRunning() implements CallResult {}

    /** As {@link NotRunning}, in the words of {@link Strategy#DYNAMIC}: nothing is kept. */
    record Ignored() implements CallResult {}

    /** Children in reverse start order. */
    record Children(List<ChildView> children) implements CallResult {
        public Children {
            children = List.copyOf(children);
        }
    }

    /**
     * @param specs       children known
     * @param active      those that run
     * @param supervisors those that are supervisors
     * @param workers     those that are not
     */
    record Counts(int specs, int active, int supervisors, int workers) implements CallResult {}

    /** Refused or failed; {@code detail} is for readers. */
    record Failure(Error error, String detail) implements CallResult {}

    /** Why a call was refused or failed. */
    enum Error {
        NOT_FOUND,
        RUNNING,
        RESTARTING,
        ALREADY_STARTED,
        ALREADY_PRESENT,
        MAX_CHILDREN,
        /** A significant child that is permanent, or whose supervisor never shuts down by itself. */
        BAD_COMBINATION,
        START_FAILED,
        /** The strategy has no such call. */
        NOT_SUPPORTED,
        /** The supervisor has ended. */
        NO_PROCESS
    }

    CallResult OK = new Ok();

    static CallResult failure(Error error) {
        return new Failure(error, "");
    }
}
