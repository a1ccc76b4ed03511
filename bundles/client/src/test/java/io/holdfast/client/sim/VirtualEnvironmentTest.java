// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.SerialLane;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import io.holdfast.client.sim.VirtualEnvironment.SimulationFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VirtualEnvironmentTest {
    private final VirtualEnvironment env = new VirtualEnvironment(7);
    private final List<String> log = new ArrayList<>();

    @Test
    void timersFireInOrderAtTheirTime() {
        long start = env.nanoTime();
        env.schedule(20, () -> log.add("b" + (env.nanoTime() - start)));
        env.schedule(10, () -> log.add("a" + (env.nanoTime() - start)));
        env.schedule(20, () -> log.add("c" + (env.nanoTime() - start)));
        env.schedule(31, () -> log.add("late"));
        env.runUntil(start + 30);
        assertThat(log).containsExactly("a10", "b20", "c20");
        assertThat(env.nanoTime()).isEqualTo(start + 30);
        assertThat(env.pendingTimers()).isEqualTo(1);
    }

    @Test
    void cancelledTimerIsGone() {
        Cancellable timer = env.schedule(10, () -> log.add("no"));
        timer.cancel();
        timer.cancel();
        assertThat(env.pendingTimers()).isZero();
        env.runFor(Duration.ofSeconds(1));
        assertThat(log).isEmpty();
    }

    @Test
    void farTimerIsNotThePast() {
        env.schedule(Long.MAX_VALUE, () -> log.add("no"));
        env.runFor(Duration.ofDays(1000));
        assertThat(log).isEmpty();
    }

    @Test
    void sameSeedSameRunOtherSeedOtherOrder() {
        Set<List<Integer>> orders = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            List<Integer> first = order(new VirtualEnvironment(seed));
            assertThat(order(new VirtualEnvironment(seed))).isEqualTo(first);
            assertThat(first)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 20).boxed().toList());
            orders.add(first);
        }
        assertThat(orders).hasSizeGreaterThan(15);
    }

    private static List<Integer> order(VirtualEnvironment env) {
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            (i % 2 == 0 ? env.mailboxes() : env.deliveries()).execute(() -> seen.add(number));
        }
        env.runUntilIdle();
        return seen;
    }

    @Test
    void traceTellsRunsApart() {
        VirtualEnvironment one = new VirtualEnvironment(1);
        VirtualEnvironment same = new VirtualEnvironment(1);
        VirtualEnvironment other = new VirtualEnvironment(2);
        for (VirtualEnvironment e : List.of(one, same, other)) {
            order(e);
        }
        assertThat(one.trace()).isEqualTo(same.trace()).isNotEqualTo(other.trace());
    }

    @Test
    void serialKeepsOrderAmongOthers() {
        Executor serial = env.serial(Pool.SELECTOR);
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            serial.execute(() -> seen.add(number));
            env.mailboxes().execute(() -> log.add("x"));
        }
        env.runUntilIdle();
        assertThat(seen).isEqualTo(IntStream.range(0, 50).boxed().toList());
        assertThat(log).hasSize(50);
    }

    @Test
    void runsTheShippedLane() {
        SerialLane lane = new SerialLane(env.mailboxes(), e -> log.add("fault"));
        for (int i = 0; i < 200; i++) {
            int number = i;
            lane.execute(() -> log.add("" + number));
        }
        env.runUntilIdle();
        assertThat(log).isEqualTo(IntStream.range(0, 200).mapToObj(i -> "" + i).toList());
    }

    @Test
    void stalledPoolWaitsOthersGoOn() {
        env.stall(Pool.PLUGIN, Duration.ofSeconds(10));
        env.plugins().execute(() -> log.add("plugin at " + env.elapsed()));
        env.mailboxes().execute(() -> log.add("mailbox at " + env.elapsed()));
        env.runUntilIdle();
        assertThat(log).containsExactly("mailbox at PT0S");
        env.runFor(Duration.ofSeconds(20));
        assertThat(log).containsExactly("mailbox at PT0S", "plugin at PT10S");
    }

    @Test
    void pausedProcessDoesNothingWhileTheWorldGoesOn() {
        env.schedule(Duration.ofSeconds(1).toNanos(), () -> log.add("timer at " + env.elapsed()));
        env.world(Duration.ofSeconds(2).toNanos(), () -> {
            log.add("packet at " + env.elapsed());
            env.pool(Pool.SELECTOR).execute(() -> log.add("read at " + env.elapsed()));
        });
        env.pauseProcess(Duration.ofSeconds(20));
        env.runFor(Duration.ofSeconds(30));
        assertThat(log)
                .startsWith("packet at PT2S")
                .containsExactlyInAnyOrder("packet at PT2S", "timer at PT20S", "read at PT20S");
    }

    @Test
    void spentTimeLetsTheWorldGoOn() {
        env.world(5, () -> log.add("world " + env.elapsed().toNanos()));
        env.mailboxes().execute(() -> {
            env.spend(10);
            log.add("task " + env.elapsed().toNanos());
        });
        env.runUntilIdle();
        assertThat(log).containsExactly("world 5", "task 10");
    }

    @Test
    void wallClockFollowsAndJumps() {
        env.runFor(Duration.ofMinutes(5));
        env.jumpWallClock(Duration.ofHours(-2));
        assertThat(Duration.between(VirtualEnvironment.WALL_ORIGIN, env.wallTime()))
                .isEqualTo(Duration.ofMinutes(-115));
        assertThat(env.elapsed()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void faultNamesTheSeed() {
        env.mailboxes().execute(() -> {
            throw new IllegalArgumentException("boom");
        });
        assertThatThrownBy(env::runUntilIdle)
                .isInstanceOf(SimulationFault.class)
                .hasMessageContaining("seed 7")
                .hasMessageContaining("MAILBOX")
                .hasRootCauseMessage("boom");
    }

    @Test
    void livelockIsFound() {
        Runnable[] again = new Runnable[1];
        again[0] = () -> env.mailboxes().execute(again[0]);
        again[0].run();
        assertThatThrownBy(env::runUntilIdle)
                .isInstanceOf(SimulationFault.class)
                .hasMessageContaining("livelock");
    }

    @Test
    void stepsCanCostTime() {
        env.stepCost(1_000);
        for (int i = 0; i < 100; i++) {
            env.mailboxes().execute(() -> {});
        }
        env.runUntilIdle();
        assertThat(env.elapsed().toNanos()).isBetween(10_000L, 100_000L);
    }

    @Test
    void quietMeansNothingLeft() {
        env.schedule(10, () -> env.deliveries().execute(() -> log.add("done")));
        assertThat(env.runUntilQuiet(env.nanoTime() + 100)).isTrue();
        assertThat(log).containsExactly("done");
        env.schedule(1000, () -> {});
        assertThat(env.runUntilQuiet(env.nanoTime() + 100)).isFalse();
    }

    @Test
    void otherThreadsAreRefused() throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    try {
                        env.mailboxes().execute(() -> {});
                    } catch (IllegalStateException e) {
                        log.add(e.getMessage());
                    }
                },
                "stranger");
        thread.start();
        thread.join();
        assertThat(log).hasSize(1).first().asString().contains("stranger");
    }
}
