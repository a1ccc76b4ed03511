// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import java.util.Optional;

/**
 * Something that happened in a group, as plain data.
 *
 * @param number counts the events of the group without gaps, from 1
 * @param child the child concerned, empty if it is the group itself
 * @param cause for humans; on one line, 256 characters at most
 */
public record GroupEvent(String group, long number, Type type, Optional<String> child, String cause) {

    public enum Type {
        /** The group supervises from now on. */
        STARTED,
        /** The group has ended, its children stopped before it. */
        ENDED,
        /** The framework is stopped because a budget of the group was exceeded. */
        ESCALATED,
        /** A restart was decided, to be made at once or after a delay; GIVEN_UP or ENDED follows when it was one too many. */
        RESTART,
        GIVEN_UP,
        /** A child that had been given up is normal again. */
        RECOVERED,
        /** A child cannot be supervised by this group, for now. */
        REFUSED,
        /** A child did not even answer to being killed. */
        STOP_OVERDUE
    }
}
