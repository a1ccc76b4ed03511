// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.lanes.Environment;
import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EndpointGroupsTimerTest {
    @Test
    void aTimerThatComesEarlyIsSetAgain() {
        VirtualEnvironment env = new VirtualEnvironment(1);
        List<String> granted = new ArrayList<>();
        EndpointGroups early = new EndpointGroups(new EarlyTimers(env), BanStore.inMemory());
        early.configure("g", EndpointGroupOptions.of(Map.of("host.patterns", "*", "attempts", 1, "window", "10s")));
        early.request("www.example.org", "a", false, () -> granted.add("a"));
        early.request(
                "www.example.org",
                "b",
                false,
                () -> granted.add("b@" + env.elapsed().toSeconds()));
        env.runFor(Duration.ofMinutes(1));
        assertThat(granted).containsExactly("a", "b@10");
    }

    /** Each timer comes after half of its time, but not before a nanosecond. */
    private record EarlyTimers(VirtualEnvironment env) implements Environment {
        @Override
        public Cancellable schedule(long delayNanos, Runnable task) {
            return env.schedule(Math.max(1, delayNanos / 2), task);
        }

        @Override
        public long nanoTime() {
            return env.nanoTime();
        }

        @Override
        public Instant wallTime() {
            return env.wallTime();
        }

        @Override
        public RandomGenerator random() {
            return env.random();
        }

        @Override
        public Executor mailboxes() {
            return env.mailboxes();
        }

        @Override
        public boolean worksWhereTold() {
            return env.worksWhereTold();
        }

        @Override
        public Executor plugins() {
            return env.plugins();
        }

        @Override
        public Executor deliveries() {
            return env.deliveries();
        }

        @Override
        public Executor publishing() {
            return env.publishing();
        }
    }
}
