// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import java.util.List;

/**
 * What a plugin that comes to a living connection may want to know.
 *
 * @param connection its number
 * @param acknowledged the texts, before substitution, of the set-up steps that hold on it
 * @param lastBeatAgoNanos time since the client's last heartbeat of either side, over reconnects, negative if there was none
 */
public record HeartbeatState(long connection, List<String> acknowledged, long lastBeatAgoNanos) {
    public HeartbeatState {
        acknowledged = List.copyOf(acknowledged);
    }
}
