// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.OverflowPolicy.Kind;
import io.holdfast.client.sim.VirtualEnvironment;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Invariants 7, 8 and 10 over random histories: floods, hanging pools, losses, listeners that throw, leave and return,
 * policies that change. {@code -Dholdfast.delivery.seed=N} runs one.
 */
class DeliverySimulationTest {
    private static final Cause LOST = Cause.of(Cause.Kind.LOST, "cut");
    private static final int SEEDS = 200;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachMessageOnceInOrderOrToldOfTheGap(boolean direct) {
        Long only = Long.getLong("holdfast.delivery.seed");
        Set<String> seen = new HashSet<>();
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            new History(seed, direct, seen).run();
        }
        if (only == null) {
            assertThat(seen)
                    .as("what must have happened in some history")
                    .contains(
                            "Gap",
                            "Interrupted",
                            "Resumed",
                            "Left",
                            "overflow",
                            "demand",
                            "fault",
                            "returned",
                            "returned late",
                            "dropped");
        }
    }

    private static final class History {
        private final VirtualEnvironment env;
        private final SplittableRandom random;
        private final Bench bench;
        private final Delivery delivery;
        private final Set<String> seen;
        private final Executor transport;
        private final Executor mailbox;
        private final String name;

        /** Every place ever; the present holder of each. */
        private final List<Recorder.Place> places = new ArrayList<>();

        private final Map<Recorder, Optional<String>> present = new HashMap<>();
        private final Map<String, Recorder> away = new HashMap<>();
        private final Map<String, Long> awaySince = new HashMap<>();
        private long connection = 1;
        private boolean reading = true;
        private int overflowsHandled;
        private int demandsHandled;
        private int ids;

        History(long seed, boolean direct, Set<String> seen) {
            this.seen = seen;
            name = "seed " + seed + (direct ? ", direct" : ", queued");
            env = new VirtualEnvironment(seed);
            env.stepCost(10_000);
            random = new SplittableRandom(seed ^ 0x5DEECE66DL);
            bench = new Bench(env, direct);
            delivery = bench.delivery;
            transport = env.serial(Pool.SELECTOR);
            mailbox = env.serial(Pool.MAILBOX);
            changePolicy();
        }

        void run() {
            for (int step = 0; step < 250; step++) {
                act();
                if (random.nextInt(3) == 0) {
                    env.runFor(Duration.ofNanos(random.nextLong(random.nextInt(20) == 0 ? 3_000_000_000L : 2_000_000)));
                }
                serveOwner();
            }
            if (random.nextBoolean()) {
                env.stall(Pool.DELIVERY, Duration.ofMillis(random.nextInt(3000)));
            }
            mailbox.execute(() -> delivery.close(LOST));
            env.runFor(Duration.ofSeconds(20));
            check();
        }

        private void act() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4, 5 -> messages(1 + random.nextInt(10));
                case 6 -> messages(random.nextInt(200));
                case 7 -> {
                    if (present.size() < 4) {
                        add(Optional.empty());
                    }
                }
                case 8 -> {
                    if (present.size() < 4) {
                        add(Optional.of("id" + ids++));
                    }
                }
                case 9, 10 -> comeBack();
                case 11 -> leave();
                case 12 -> env.stall(Pool.DELIVERY, Duration.ofNanos(random.nextLong(500_000_000)));
                case 13 -> reconnect();
                case 14 -> delivery.inTurn(() -> delivery.gapNow("stream", 1, 2, LOST));
                default -> changePolicy();
            }
        }

        private void messages(int count) {
            for (int i = 0; i < count; i++) {
                transport.execute(() -> {
                    if (reading) {
                        reading = bench.message(connection, random.nextInt(random.nextInt(30) == 0 ? 5000 : 200));
                    }
                });
            }
        }

        private void changePolicy() {
            Kind kind = Kind.values()[random.nextInt(3)];
            bench.policy = Bench.policy(kind, 1 + random.nextInt(60), 1 + random.nextInt(20_000));
            bench.blockLimit = Duration.ofMillis(1 + random.nextInt(500));
            bench.gapMax = Duration.ofMillis(random.nextInt(4) == 0 ? 0 : random.nextInt(2000));
        }

        private void add(Optional<String> id) {
            Recorder recorder = recorder(new Recorder.Place());
            places.add(recorder.place);
            present.put(recorder, id);
            delivery.add(recorder, id);
        }

        private Recorder recorder(Recorder.Place place) {
            int throwing = random.nextInt(3) == 0 ? 5 : Integer.MAX_VALUE;
            return new Recorder(place, message -> {
                if (message.sequence() % throwing == 0) {
                    seen.add("fault");
                    throw new IllegalStateException("on purpose");
                }
            });
        }

        private void leave() {
            if (present.isEmpty()) {
                return;
            }
            Recorder recorder = present.keySet().stream()
                    .min((a, b) -> Integer.compare(places.indexOf(a.place), places.indexOf(b.place)))
                    .orElseThrow();
            delivery.remove(recorder);
            recorder.removed();
            present.remove(recorder).ifPresent(id -> {
                away.put(id, recorder);
                awaySince.put(id, env.nanoTime() + bench.gapMax.toNanos());
            });
        }

        private void comeBack() {
            if (away.isEmpty()) {
                return;
            }
            String id = away.keySet().stream().sorted().toList().get(random.nextInt(away.size()));
            Recorder recorder = recorder(away.remove(id).place);
            seen.add(env.nanoTime() < awaySince.get(id) ? "returned" : "returned late");
            present.put(recorder, Optional.of(id));
            delivery.add(recorder, Optional.of(id));
        }

        private void reconnect() {
            long lost = connection;
            mailbox.execute(() -> {
                if (lost == connection) {
                    delivery.interrupted(lost, LOST);
                    connection++;
                    reading = true;
                    delivery.resumed(connection, Duration.ofMillis(1));
                }
            });
        }

        private void serveOwner() {
            if (bench.overflows.size() > overflowsHandled) {
                assertThat(bench.overflows.size())
                        .as(name + ": told once per episode")
                        .isLessThanOrEqualTo(overflowsHandled + 1 + (int) connection);
                overflowsHandled = bench.overflows.size();
                seen.add("overflow");
                reconnect();
            }
            while (bench.demands.size() > demandsHandled) {
                seen.add("demand");
                if (bench.demands.get(demandsHandled++) == connection) {
                    reading = true;
                }
            }
        }

        private void check() {
            long last = delivery.messages();
            for (Recorder recorder : present.keySet()) {
                recorder.place.events.forEach(event -> seen.add(event.getClass().getSimpleName()));
                assertThat(recorder.hasLeft()).as(name + ": told that it left").isTrue();
                assertThat(recorder.place.next)
                        .as(name + ": knows of every message")
                        .isEqualTo(last + 1);
            }
            for (Recorder.Place place : places) {
                assertThat(place.violations).as(name).isEmpty();
            }
            if (delivery.dropped() > 0) {
                seen.add("dropped");
            }
            assertThat(delivery.queued()).as(name).isZero();
            assertThat(delivery.listeners()).as(name).isZero();
            assertThat(env.pendingTimers()).as(name + ": timers left").isZero();
            assertThat(env.pendingTasks()).as(name + ": tasks left").isZero();
        }
    }
}
