// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.OptionalLong;

/**
 * One child as it is now.
 *
 * @param id               the child
 * @param status           what it is doing
 * @param incarnation      token of the latest start order, 0 before the first
 * @param restartsInPeriod its counted restarts that are still inside the window; no more than intensity + 1 are remembered
 * @param onTrial          running after a cool-down, not yet known to be stable
 * @param untilNanos       when the present state ends by itself: end of the restart delay, of the cool-down, of the trial
 */
public record ChildView(
        String id,
        ChildStatus status,
        long incarnation,
        int restartsInPeriod,
        boolean onTrial,
        OptionalLong untilNanos) {}
