// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.heartbeat.HeartbeatProfile;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Holds equal profiles once, with their patterns made ready: ten thousand clients of one exchange mostly have the same, and a
 * profile of its own would cost each of them more than its connection's state. Profiles are plain data, so nothing of a plugin
 * is pinned by it. Thread-safe.
 */
final class ProfilePool {
    /** More than there are exchanges; the one that was not asked for the longest time is forgotten. */
    private static final int BOUND = 32;

    /** A profile and its patterns, ready to be compared. */
    record Ready(HeartbeatProfile profile, FrameMatcher matcher) {}

    /** Guards itself. */
    private final Map<HeartbeatProfile, Ready> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<HeartbeatProfile, Ready> eldest) {
            return size() > BOUND;
        }
    };

    Ready of(HeartbeatProfile profile) {
        synchronized (known) {
            return known.computeIfAbsent(profile, p -> new Ready(p, new FrameMatcher(p.patterns())));
        }
    }
}
