// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.endpoint.EndpointGroups.Permit;
import io.holdfast.client.sim.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules over several hosts while groups come, change and go. A plain model knows which group a host belongs to and
 * counts the attempts of all its present hosts, whichever group granted them.
 */
class EndpointGroupsPropertyTest {
    private static final int RUNS = 60;
    private static final int STEPS = 300;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyGroupKeepsItsLimitsWhereverItsHostsCameFrom(long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        int grants = 0;
        for (int i = 0; i < RUNS; i++) {
            grants += new Schedule(seeds.nextLong()).run();
        }
        assertThat(grants).as("schedules that grant nothing prove nothing").isGreaterThan(RUNS * 20);
    }

    private record Grant(String host, long at) {}

    private record Attempt(String host, Permit permit) {}

    private static final class Schedule {
        private static final String[] HOSTS = {"a.x", "b.x", "c.x", "a.y", "b.y"};

        /** From the most specific on. */
        private static final Map<String, HostPattern> GROUPS =
                Map.of("1", new HostPattern("a.x"), "2", new HostPattern("*.x"), "3", new HostPattern("*.?"));

        private final long seed;
        private final SplittableRandom random;
        private final VirtualEnvironment env;
        private final EndpointGroups groups;
        private final Map<String, AttemptPolicy> configured = new TreeMap<>();
        private final List<Grant> granted = new ArrayList<>();
        private final Map<String, Attempt> waiting = new HashMap<>();
        private final Map<String, List<Attempt>> open = new HashMap<>();

        Schedule(long seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            env = new VirtualEnvironment(seed);
            groups = new EndpointGroups(env, BanStore.inMemory());
        }

        int run() {
            for (int step = 0; step < STEPS; step++) {
                act();
                env.runFor(Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(50)));
            }
            for (int i = 0; !waiting.isEmpty(); i++) {
                assertThat(i).as("seed " + seed + ": somebody waits for ever").isLessThan(200);
                List.copyOf(open.keySet()).forEach(this::end);
                env.runFor(Duration.ofSeconds(60));
            }
            env.runUntilIdle();
            assertThat(env.pendingTimers())
                    .as("seed " + seed + ": timers of nobody")
                    .isZero();
            return granted.size();
        }

        private void act() {
            String client = "c" + random.nextInt(15);
            String host = HOSTS[random.nextInt(HOSTS.length)];
            String group = String.valueOf(1 + random.nextInt(3));
            switch (random.nextInt(16)) {
                case 0 -> {
                    int attempts = 1 + random.nextInt(40);
                    int window = 1 + random.nextInt(120);
                    int connections = random.nextInt(2) * (1 + random.nextInt(10));
                    EndpointGroupOptions options = EndpointGroupOptions.of(Map.of(
                            "host.patterns",
                            GROUPS.get(group).glob(),
                            "attempts",
                            attempts,
                            "window",
                            window + "s",
                            "connections.max",
                            connections));
                    configured.put(group, options.policy());
                    groups.configure(group, options);
                }
                case 1 -> {
                    configured.remove(group);
                    groups.remove(group);
                }
                case 2, 3 -> {
                    Attempt attempt = waiting.remove(client);
                    if (attempt != null) {
                        attempt.permit().cancel();
                    }
                }
                case 4, 5, 6 -> end(client);
                default -> {
                    if (!waiting.containsKey(client)) {
                        ask(client, host);
                    }
                }
            }
        }

        private void ask(String client, String host) {
            // A place holder, because the grant may come before the permit.
            boolean[] cameAtOnce = new boolean[1];
            waiting.put(client, new Attempt(host, () -> {}));
            Permit permit = groups.request(host, client, random.nextBoolean(), () -> {
                cameAtOnce[0] = true;
                granted(client);
            });
            if (!cameAtOnce[0]) {
                waiting.put(client, new Attempt(host, permit));
            }
        }

        private void granted(String client) {
            Attempt attempt = waiting.remove(client);
            assertThat(attempt)
                    .as("seed " + seed + ": granted twice or after cancel")
                    .isNotNull();
            open.computeIfAbsent(client, c -> new ArrayList<>()).add(attempt);
            granted.add(new Grant(attempt.host(), env.nanoTime()));
            String group = groupOf(attempt.host());
            AttemptPolicy policy = configured.getOrDefault(group, AttemptPolicy.DEFAULT);
            long now = env.nanoTime();
            long inWindow = granted.stream()
                    .filter(g -> groupOf(g.host()).equals(group) && now - g.at() < policy.windowNanos())
                    .count();
            assertThat(inWindow)
                    .as("seed " + seed + ": attempts of group " + group)
                    .isLessThanOrEqualTo(policy.attempts());
            long connections = open.values().stream()
                    .flatMap(List::stream)
                    .filter(a -> groupOf(a.host()).equals(group))
                    .count();
            if (policy.maxConnections() > 0) {
                assertThat(connections)
                        .as("seed " + seed + ": connections of group " + group)
                        .isLessThanOrEqualTo(policy.maxConnections());
            }
        }

        private String groupOf(String host) {
            for (String group : configured.keySet()) {
                if (GROUPS.get(group).matches(host)) {
                    return group;
                }
            }
            return host;
        }

        private void end(String client) {
            List<Attempt> attempts = open.get(client);
            if (attempts == null) {
                return;
            }
            String host = attempts.remove(0).host();
            if (attempts.isEmpty()) {
                open.remove(client);
            }
            groups.attemptEnded(host, client);
        }
    }
}
