// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.client.sim.HeapSlope;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Real sockets and threads, many connections one after another; {@code -Dholdfast.reconnects=N} says how many. */
class ManyReconnectsTest {
    private static final int RECONNECTS = Integer.getInteger("holdfast.reconnects", 200);
    private static final int CLIENTS = 4;
    private static final int WARM_UP = 10;

    private static final double MOST_BYTES = 1_000_000;

    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(50).keepAccepts(16).build());
    private final House house = new House();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private static final class Counting implements MessageListener, ConnectionListener {
        private final AtomicInteger ready = new AtomicInteger();

        @Override
        public void onMessage(Message message) {
            // only connections count
        }

        @Override
        public void onEvent(ConnectionEvent event) {
            if (event.type() == ConnectionEvent.Type.READY) {
                ready.incrementAndGet();
            }
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("holdfast"))
                .count();
    }

    @Test
    @DisplayName("threads, sockets and heap after many reconnects are those after the first ones")
    void nothingGrows() {
        Counting counting = new Counting();
        for (int i = 0; i < CLIENTS; i++) {
            house.unsupervised.open(
                    House.quick(simulator.uri("/ws/api/v2"))
                            .id("c" + i)
                            .option("reconnect.floor", "0ms")
                            .option("reconnect.stable.after", "0ms")
                            .option("heartbeat.type", "deribit")
                            .option("exchange.type", "deribit")
                            .option("exchange.channels", List.of("book.BTC-PERPETUAL.100ms"))
                            .build(),
                    counting,
                    counting);
        }
        long threads = 0;
        HeapSlope heap = new HeapSlope();
        int rounds = Math.max(WARM_UP + 10, RECONNECTS / CLIENTS);
        for (int round = 1; round <= rounds; round++) {
            int expected = round * CLIENTS;
            House.until("all are ready", () -> counting.ready.get() >= expected);
            if (round == WARM_UP) {
                threads = threads();
            }
            if (round > WARM_UP && round % (rounds / 10) == 0) {
                heap.measure();
            }
            simulator.faults().reset();
        }
        House.until("all are ready", () -> counting.ready.get() > rounds * CLIENTS);
        House.until("one connection each", () -> simulator.open().size() == CLIENTS);
        long after = threads();
        System.out.printf(
                "%d reconnects: threads %d, then %d; heap in kB: %s, %.0f bytes each time%n",
                rounds * CLIENTS, threads, after, heap, heap.bytes(1));
        assertThat(after).isLessThanOrEqualTo(threads + 4);
        assertThat(heap.bytes(1)).isLessThan(MOST_BYTES);
        assertThat(house.clients.all()).hasSize(CLIENTS);
    }
}
