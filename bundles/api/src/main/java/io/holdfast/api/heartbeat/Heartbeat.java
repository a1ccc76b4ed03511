// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.heartbeat;

import java.util.Objects;
import java.util.Optional;

/**
 * What a plugin gives a client.
 *
 * @param profile plain data; stays in force when the plugin leaves
 * @param hooks for what data cannot say; dropped when the plugin leaves
 */
public record Heartbeat(HeartbeatProfile profile, Optional<HeartbeatHooks> hooks) {
    public Heartbeat {
        Objects.requireNonNull(profile);
        Objects.requireNonNull(hooks);
    }

    public static Heartbeat of(HeartbeatProfile profile) {
        return new Heartbeat(profile, Optional.empty());
    }
}
