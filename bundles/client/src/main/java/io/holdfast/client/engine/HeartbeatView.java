// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

/** What health shows of a heartbeat; replaced, never changed. */
record HeartbeatView(String type, boolean bound, boolean known, boolean quarantined, String fault, int missed) {
    static HeartbeatView of(HeartbeatBinding heartbeat, int missed) {
        return new HeartbeatView(
                heartbeat.profile().type(),
                heartbeat.bound(),
                heartbeat.known(),
                heartbeat.quarantined(),
                heartbeat.lastFault(),
                missed);
    }
}
