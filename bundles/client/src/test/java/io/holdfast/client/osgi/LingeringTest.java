// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LingeringTest {
    private final VirtualEnvironment environment = new VirtualEnvironment(7);
    private final List<String> told = new ArrayList<>();
    private Duration linger = Duration.ofSeconds(5);
    private final Lingering up = new Lingering(
            environment, () -> linger, on -> told.add(environment.elapsed().toMillis() + (on ? " on" : " off")));

    @Test
    void beginsAtOnceAndEndsAfterTheLinger() {
        up.set(true);
        environment.runFor(Duration.ofSeconds(10));
        up.set(false);
        environment.runFor(Duration.ofMillis(4_999));
        assertThat(told).containsExactly("0 on");
        environment.runFor(Duration.ofMillis(1));
        assertThat(told).containsExactly("0 on", "15000 off");
        assertThat(up.on()).isFalse();
    }

    @Test
    void aShortBreakIsNotSeen() {
        up.set(true);
        for (int i = 0; i < 10; i++) {
            up.set(false);
            environment.runFor(Duration.ofSeconds(4));
            up.set(true);
            environment.runFor(Duration.ofSeconds(4));
        }
        assertThat(told).containsExactly("0 on");
        assertThat(environment.pendingTimers()).isZero();
    }

    @Test
    void aNewLingerIsUsedFromTheNextEndOn() {
        up.set(true);
        linger = Duration.ZERO;
        up.set(false);
        environment.runUntilIdle();
        assertThat(told).containsExactly("0 on", "0 off");
    }

    @Test
    void theEndDoesNotLinger() {
        up.set(true);
        up.set(false);
        up.end();
        environment.runUntilIdle();
        assertThat(told).containsExactly("0 on", "0 off");
        assertThat(environment.pendingTimers()).isZero();
    }
}
