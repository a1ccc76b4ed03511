// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.heartbeat.generic.GenericHeartbeat;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The plugin of configuration alone, with ping frames; its other kinds are in {@link ProfilesTest}. */
class GenericConformanceTest implements HeartbeatConformance {
    @Override
    public Subject subject() {
        return new Subject(
                new GenericHeartbeat(),
                Map.of("heartbeat.interval", "1s"),
                ScriptedPeer.of(
                        "/pinged", text -> Optional.empty(), ScriptedPeer.Rule.CLIENT_BEAT, Duration.ofMillis(2500)),
                Duration.ofMillis(2500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1));
    }
}
