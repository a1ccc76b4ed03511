// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.heartbeat.ClientBeat;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.client.core.HeartbeatMonitor.Finding;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeartbeatMonitorTest {
    private static final Duration IDLE = Duration.ofSeconds(60);

    @Test
    @DisplayName("after a missed beat the other limits hold as before")
    void aMissedBeatHidesNoOtherLimit() {
        ClientBeat beat = new ClientBeat(
                ClientBeat.Kind.PING_FRAME,
                "",
                Duration.ofMinutes(5),
                ClientBeat.Basis.EVERY,
                Optional.empty(),
                Duration.ofSeconds(10),
                2);
        HeartbeatMonitor monitor =
                new HeartbeatMonitor(HeartbeatProfile.of("test").withBeat(beat), 0);
        Traffic traffic = new Traffic(0);
        monitor.setUp(0);
        monitor.beatSent(0);
        monitor.beatWritten(0);

        Finding missed = monitor.check(traffic, IDLE, Duration.ofSeconds(10).toNanos());

        assertThat(monitor.missed()).isEqualTo(1);
        assertThat(missed).isEqualTo(new Finding.Next(Duration.ofSeconds(50).toNanos()));
        assertThat(monitor.check(traffic, IDLE, IDLE.toNanos())).isInstanceOf(Finding.Suspect.class);
    }
}
