// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** Who is restarted with a child that failed. The names and meanings are OTP's. */
public enum Strategy {
    /** Only the failed child. Different children may be starting or stopping at the same time. */
    ONE_FOR_ONE,
    /** Every child: all are stopped in reverse start order, then started in start order. */
    ONE_FOR_ALL,
    /** The failed child and those after it in the start order. */
    REST_FOR_ONE,
    /** Like {@link #ONE_FOR_ONE} for children of one kind that come and go; an ended child leaves nothing behind. */
    SIMPLE_ONE_FOR_ONE,
    /** As Elixir's {@code DynamicSupervisor}: {@link #SIMPLE_ONE_FOR_ONE} with a specification per child and a maximum. */
    DYNAMIC;

    /** True if a failure may concern more than the failed child, so that the supervisor does one thing at a time. */
    public boolean restartsGroups() {
        return this == ONE_FOR_ALL || this == REST_FOR_ONE;
    }

    /** True if children without a running incarnation are forgotten, and all are stopped at once at the end. */
    public boolean isDynamic() {
        return this == SIMPLE_ONE_FOR_ONE || this == DYNAMIC;
    }
}
