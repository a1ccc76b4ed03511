// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random schedules of requests, ends, bans and live changes against a plain model of what was promised. */
class AttemptBudgetPropertyTest {
    private static final int RUNS = 80;
    private static final int STEPS = 400;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void holdsItsPromisesInEverySchedule(long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        int grants = 0;
        for (int i = 0; i < RUNS; i++) {
            grants += new Schedule(seeds.nextLong()).run();
        }
        assertThat(grants).as("schedules that grant nothing prove nothing").isGreaterThan(RUNS * 20);
    }

    private static final class Schedule {
        private final long seed;
        private final SplittableRandom random;
        private final AttemptBudget budget;
        private final List<Long> granted = new ArrayList<>();
        private final Map<String, Integer> open = new HashMap<>();
        private final Set<String> waiting = new HashSet<>();
        private AttemptPolicy policy;
        private long now;
        private long bannedUntil;

        Schedule(long seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            // Starts close to the end of the clock, so that many schedules cross it.
            now = random.nextBoolean() ? Long.MAX_VALUE - random.nextInt(2000) : random.nextInt(1000);
            bannedUntil = now;
            policy = policy();
            budget = new AttemptBudget(policy, now);
        }

        private AttemptPolicy policy() {
            return new AttemptPolicy(
                    1 + random.nextInt(8),
                    Duration.ofNanos(1 + random.nextInt(120)),
                    random.nextInt(4),
                    random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 0);
        }

        int run() {
            for (int step = 0; step < STEPS; step++) {
                act();
                collect("seed " + seed + " step " + step);
                now += random.nextInt(4) == 0 ? random.nextInt(60) : random.nextInt(4);
            }
            drain();
            return granted.size();
        }

        private void act() {
            String client = "c" + random.nextInt(12);
            switch (random.nextInt(12)) {
                case 0 -> {
                    policy = policy();
                    budget.change(policy, now);
                }
                case 1 -> {
                    long until = now + random.nextInt(100);
                    bannedUntil = until - bannedUntil > 0 ? until : bannedUntil;
                    budget.ban(until);
                }
                case 2 -> {
                    budget.cancel(client);
                    waiting.remove(client);
                }
                case 3, 4, 5 -> end(client);
                default -> {
                    budget.request(client, random.nextBoolean(), now);
                    waiting.add(client);
                }
            }
        }

        private void end(String client) {
            budget.connectionEnded(client);
            open.computeIfPresent(client, (c, n) -> n == 1 ? null : n - 1);
        }

        private void collect(String where) {
            OptionalLong next = budget.nextChange(now);
            List<String> clients = budget.grants(now);
            assertThat(clients).as(where).doesNotHaveDuplicates();
            assertThat(waiting).as(where + ": granted without waiting").containsAll(clients);
            if (!clients.isEmpty()) {
                assertThat(next).as(where + ": said when").isEqualTo(OptionalLong.of(now));
                assertThat(bannedUntil - now).as(where + ": banned").isLessThanOrEqualTo(0);
            }
            for (String client : clients) {
                waiting.remove(client);
                open.merge(client, 1, Integer::sum);
                granted.add(now);
            }
            int total = open.values().stream().mapToInt(Integer::intValue).sum();
            assertThat(budget.open()).as(where).isEqualTo(total);
            assertThat(budget.waiting()).as(where).isEqualTo(waiting.size());
            if (!clients.isEmpty()) {
                long inWindow = granted.stream()
                        .filter(t -> now - t < policy.windowNanos())
                        .count();
                assertThat(inWindow).as(where + ": attempts in the window").isLessThanOrEqualTo(policy.attempts());
                if (policy.maxConnections() > 0) {
                    assertThat(total).as(where + ": connections").isLessThanOrEqualTo(policy.maxConnections());
                }
            }
            assertThat(budget.grants(now)).as(where + ": all at once").isEmpty();
            budget.nextChange(now)
                    .ifPresent(t ->
                            assertThat(t - now).as(where + ": a time to come").isPositive());
        }

        /** With all connections ended, {@code nextChange} alone leads to everybody being served. */
        private void drain() {
            List.copyOf(open.keySet()).forEach(c -> {
                while (open.containsKey(c)) {
                    end(c);
                }
            });
            collect("seed " + seed + " drain");
            for (int i = 0; !waiting.isEmpty(); i++) {
                assertThat(i).as("seed " + seed + ": somebody waits for ever").isLessThan(100);
                List.copyOf(open.keySet()).forEach(this::end);
                now = budget.nextChange(now).orElseThrow();
                int before = waiting.size();
                collect("seed " + seed + " drain " + i);
                assertThat(waiting.size())
                        .as("seed " + seed + ": woken for nothing")
                        .isLessThan(before);
            }
        }
    }
}
