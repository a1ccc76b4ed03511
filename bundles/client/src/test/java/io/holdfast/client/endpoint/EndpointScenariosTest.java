// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ReconnectPolicy;
import io.holdfast.client.lanes.SystemEnvironment;
import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What many clients of one endpoint mean for each other; the numbers are those of the scenarios. */
class EndpointScenariosTest {
    private static final String HOST = "www.example.org";
    private static final ReconnectPolicy POLICY =
            ClientOptions.uri("wss://" + HOST + "/").build().reconnect();

    private final VirtualEnvironment env = new VirtualEnvironment(4);
    private final EndpointGroups groups = new EndpointGroups(env, BanStore.inMemory());

    @Test
    void n23AHundredClientsDroppedAtOnceAreSpread() {
        Map<Long, Integer> attempts = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            String client = "client" + i;
            Duration delay = groups.takeBurst(HOST) ? Duration.ZERO : Backoff.first(POLICY, env.random());
            env.schedule(
                    delay.toNanos(),
                    () -> groups.request(
                            HOST,
                            client,
                            true,
                            () -> attempts.merge(env.elapsed().toNanos(), 1, Integer::sum)));
        }
        env.runFor(ofMillis(500));
        int early = attempts.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(attempts.get(0L)).as("at once: the burst").isEqualTo(5);
        env.runFor(ofMinutes(5));
        assertThat(early).isBetween(6, 30);
        assertThat(attempts.values().stream().mapToInt(Integer::intValue).sum())
                .as("everybody came back")
                .isEqualTo(100);
        attempts.forEach((at, n) -> {
            long window = attempts.entrySet().stream()
                    .filter(e ->
                            e.getKey() >= at && e.getKey() < at + ofMinutes(1).toNanos())
                    .mapToInt(Map.Entry::getValue)
                    .sum();
            assertThat(window).as("attempts in the minute from " + at).isLessThanOrEqualTo(30);
        });
        assertThat(attempts.keySet().stream().max(Long::compare).orElseThrow())
                .isLessThan(ofMinutes(4).toNanos());
    }

    @Test
    void n4NineteenCrashLoopingClientsDoNotHoldUpTheTwentieth() {
        AtomicInteger crashes = new AtomicInteger();
        for (int i = 0; i < 19; i++) {
            loop("looping" + i, crashes);
        }
        env.runFor(ofMinutes(10));
        assertThat(crashes.get()).as("all but the reserve").isBetween(250, 275);
        List<Duration> waits = new ArrayList<>();
        for (int loss = 0; loss < 10; loss++) {
            Duration lost = env.elapsed();
            groups.request(HOST, "healthy", true, () -> waits.add(env.elapsed().minus(lost)));
            env.runFor(ofSeconds(20));
            groups.attemptEnded(HOST, "healthy");
        }
        assertThat(waits).hasSize(10).allMatch(Duration::isZero);
        assertThat(status().waiting()).as("the others do wait").isPositive();
    }

    private void loop(String client, AtomicInteger crashes) {
        groups.request(HOST, client, false, () -> {
            crashes.incrementAndGet();
            env.schedule(ofMillis(10).toNanos(), () -> {
                groups.attemptEnded(HOST, client);
                loop(client, crashes);
            });
        });
    }

    private GroupStatus status() {
        return groups.status().get(0);
    }

    @Test
    void n10RetryAfterOfTwoSecondsIsObeyedByEveryClientOfTheEndpoint() {
        List<Duration> attempts = new ArrayList<>();
        env.runFor(ofSeconds(3));
        groups.ban(HOST, RetryAfter.parse("2", env.wallTime()).orElseThrow(), "HTTP 503");
        for (int i = 0; i < 3; i++) {
            groups.request(HOST, "client" + i, true, () -> attempts.add(env.elapsed()));
            env.runFor(ofMillis(400));
        }
        env.runFor(ofSeconds(5));
        assertThat(attempts).containsExactly(ofSeconds(5), ofSeconds(5), ofSeconds(5));
    }

    @Test
    void threadsNeverExceedTheLimitAndAllGetTheirTurn() throws InterruptedException {
        int clients = 8;
        int turns = 200;
        int limit = 3;
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(clients * turns);
        try (SystemEnvironment system = new SystemEnvironment();
                EndpointGroups real = new EndpointGroups(system, BanStore.inMemory())) {
            real.configure(
                    "g",
                    EndpointGroupOptions.of(
                            Map.of("host.patterns", "*", "attempts", 1000, "window", "1ms", "connections.max", limit)));
            for (int i = 0; i < clients; i++) {
                turn(real, system, "client" + i, turns, open, most, done);
            }
            assertThat(done.await(30, TimeUnit.SECONDS))
                    .as(done.getCount() + " turns are missing")
                    .isTrue();
            assertThat(most.get()).isBetween(1, limit);
            assertThat(real.status()).singleElement().satisfies(s -> {
                assertThat(s.waiting()).isZero();
                assertThat(s.open()).isZero();
            });
        }
    }

    /** Each turn is taken and given back on another thread of the pool. */
    private static void turn(
            EndpointGroups groups,
            SystemEnvironment system,
            String client,
            int left,
            AtomicInteger open,
            AtomicInteger most,
            CountDownLatch done) {
        groups.request(HOST, client, left % 2 == 0, () -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            system.deliveries().execute(() -> {
                open.decrementAndGet();
                groups.attemptEnded(HOST, client);
                if (left > 1) {
                    turn(groups, system, client, left - 1, open, most, done);
                }
                done.countDown();
            });
        });
    }
}
