// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A client's health in one moment.
 *
 * @param findings what is not as it should be, for humans, the gravest first; names options, never secret values
 * @param heartbeat what is known of the heartbeat
 * @param lastCause why the connection was last lost or refused
 */
public record ClientHealth(Status status, List<String> findings, HeartbeatHealth heartbeat, Optional<Cause> lastCause) {

    /** The words of Felix Health Checks. */
    public enum Status {
        OK,
        WARN,
        TEMPORARILY_UNAVAILABLE,
        CRITICAL
    }

    /**
     * @param type the profile in force, empty if none
     * @param bound whether a plugin stands behind the profile now
     * @param quarantined whether the plugin was put out of use
     * @param lastBeatAgo time since the last heartbeat of either side, over reconnects, empty before the first
     * @param roundTrip of the last answered heartbeat
     * @param missed answers missing in a row
     * @param answered heartbeats answered by either side over the client's life
     */
    public record HeartbeatHealth(
            String type,
            boolean bound,
            boolean quarantined,
            Optional<Duration> lastBeatAgo,
            Optional<Duration> roundTrip,
            int missed,
            long answered) {}

    public ClientHealth {
        Objects.requireNonNull(status);
        findings = List.copyOf(findings);
        Objects.requireNonNull(heartbeat);
        Objects.requireNonNull(lastCause);
    }
}
