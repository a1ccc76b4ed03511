// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import java.util.HashMap;
import java.util.Map;

/**
 * A group is healthy when at least one of its clients is up and none is down that ought to be up. Clients that were stopped,
 * given up or refused are not waited for; a group in which nothing is up is not healthy, whatever the reasons. Counted, not
 * searched: a change of one client costs the same in a group of thousands. Not thread-safe.
 */
final class GroupHealth {
    /**
     * @param up ready, or not longer than {@code up.linger} ago
     * @param expected whether it ought to be up
     */
    record Member(boolean up, boolean expected) {
        private boolean missing() {
            return expected && !up;
        }
    }

    private final Map<Object, Member> members = new HashMap<>();
    private int up;
    private int missing;

    /** What a client is now. */
    void put(Object client, Member now) {
        count(members.put(client, now), -1);
        count(now, 1);
    }

    void remove(Object client) {
        count(members.remove(client), -1);
    }

    private void count(Member member, int change) {
        if (member != null) {
            up += member.up() ? change : 0;
            missing += member.missing() ? change : 0;
        }
    }

    boolean healthy() {
        return up > 0 && missing == 0;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }
}
