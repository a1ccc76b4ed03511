// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.core.Phase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The same process for a long virtual time: what it holds must not grow. {@code -Dholdfast.sim.hours=N} and {@code
 * -Dholdfast.sim.reconnects=N} say for how long; the figures are printed.
 */
@ExtendWith(QuietLogs.class)
class LongRunTest {
    private static final int HOURS = Integer.getInteger("holdfast.sim.hours", 6);
    private static final int RECONNECTS = Integer.getInteger("holdfast.sim.reconnects", 1000);

    /** Of these, the last one has no plugin of either kind. */
    private static final int CLIENTS = 5;

    private static final int CUTS_AN_HOUR = 6;
    private static final int WARM_UP = 4;

    /** For each measurement: what code compiled meanwhile leaves on the heap, and its noise. */
    private static final double MOST_BYTES = 100_000;

    private final Simulation sim = new Simulation(24, Duration.ofSeconds(1));

    private void begin() {
        // Of the heap, the checkers' part is not to be seen.
        sim.checker.remembered = 8;
        sim.plugins.deribitComes();
        sim.plugins.exchangeComes();
        sim.supervision.come(Map.of());
        for (int i = 0; i < CLIENTS; i++) {
            Map<String, Object> options = new LinkedHashMap<>();
            options.put("client.id", "c" + i);
            options.put("uri", Simulation.uri(i % 2 == 0 ? Simulation.HOST_A : Simulation.HOST_B, "c" + i));
            options.put("supervisor.group", Supervision.GROUP);
            options.put("reconnect.attempts", "0");
            options.put("delivery", i % 2 == 0 ? "queued" : "direct");
            if (i < CLIENTS / 2) {
                options.put("heartbeat.type", "deribit");
                options.put("exchange.type", "deribit");
                options.put("exchange.auth", "client_credentials");
                options.put("credentials", "exchange");
                options.put("exchange.channels", Schedule.CHANNELS);
            } else {
                options.put("open.messages", List.of("{\"method\":\"subscribe\"}"));
                options.put("open.messages.expect", List.of("[\"numbers\"]"));
            }
            if (i == CLIENTS / 2) {
                options.put("heartbeat.type", "deribit");
            }
            sim.add(new Schedule.ClientPlan("c" + i, options, true, false));
        }
        sim.environment.runFor(Duration.ofMinutes(2));
        allReady();
    }

    private void allReady() {
        for (SimulatedClient client : sim.all.values()) {
            assertThat(sim.checker.history(client.id).phase()).as(client.id).isEqualTo(Phase.READY);
        }
        assertThat(sim.servers.values().stream().mapToInt(s -> s.peers.size()).sum())
                .isEqualTo(CLIENTS);
        assertThat(sim.checker.violations).isEmpty();
    }

    private void end() {
        sim.all.values().forEach(SimulatedClient::close);
        sim.environment.runFor(Duration.ofSeconds(20));
        sim.supervision.leave();
        sim.endpoints.close();
        sim.environment.runUntilIdle();
        assertThat(sim.leftovers()).isEqualTo(Simulation.NO_LEFTOVERS);
    }

    /** Another end each time, of one connection or of all. */
    private void cut(RandomGenerator random) {
        List<SimulatedPeer> peers = sim.servers.values().stream()
                .flatMap(s -> List.copyOf(s.peers).stream())
                .toList();
        if (peers.isEmpty()) {
            return;
        }
        switch (random.nextInt(5)) {
            case 0 -> peers.forEach(SimulatedPeer::cut);
            case 1 -> peers.get(random.nextInt(peers.size())).goHalfOpen();
            case 2 -> peers.get(random.nextInt(peers.size())).close(1001, "going away");
            case 3 -> peers.get(random.nextInt(peers.size())).withholdBeats(true);
            default -> peers.get(random.nextInt(peers.size())).cut();
        }
    }

    @Test
    @DisplayName("a day of messages and cuts: timers and heap do not grow")
    void aDay() {
        begin();
        HeapSlope heap = new HeapSlope();
        int timers = 0;
        for (int hour = 0; hour < HOURS; hour++) {
            for (int i = 0; i < CUTS_AN_HOUR; i++) {
                cut(sim.environment.random());
                sim.environment.runFor(Duration.ofHours(1).dividedBy(CUTS_AN_HOUR));
            }
            allReady();
            timers = Math.max(timers, sim.environment.pendingTimers());
            heap.measure();
        }
        long messages = sim.all.values().stream()
                .mapToLong(c -> c.handle.metrics().messagesIn())
                .sum();
        System.out.printf("%d hours, %d messages, at most %d timers%n", HOURS, messages, timers);
        System.out.println("heap after each hour in kB: " + heap);
        assertThat(timers).isLessThan(20 * CLIENTS);
        if (HOURS > WARM_UP + 2) {
            System.out.printf("heap: %.0f bytes an hour%n", heap.bytes(WARM_UP));
            assertThat(heap.bytes(WARM_UP)).isLessThan(MOST_BYTES);
        }
        end();
    }

    @Test
    @DisplayName("a thousand reconnects: timers, tasks, sockets and heap as after the first")
    void manyReconnects() {
        begin();
        HeapSlope heap = new HeapSlope();
        int timers = sim.environment.pendingTimers();
        int most = 0;
        int step = Math.max(1, RECONNECTS / CLIENTS / 10);
        for (int i = 1; i <= RECONNECTS / CLIENTS; i++) {
            sim.servers.values().forEach(s -> List.copyOf(s.peers).forEach(SimulatedPeer::cut));
            sim.environment.runFor(Duration.ofSeconds(90));
            allReady();
            most = Math.max(most, sim.environment.pendingTimers());
            if (i % step == 0) {
                heap.measure();
            }
        }
        System.out.printf(
                "%d reconnects: timers %d before, at most %d after; heap in kB: %s%n", RECONNECTS, timers, most, heap);
        assertThat(most).isLessThanOrEqualTo(timers + 2 * CLIENTS);
        if (RECONNECTS >= 1000) {
            assertThat(heap.bytes(2)).isLessThan(MOST_BYTES);
        }
        end();
    }
}
