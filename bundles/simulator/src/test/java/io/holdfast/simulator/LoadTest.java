// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The sizes that other tests use it at. */
class LoadTest {

    private static final Duration LIMIT = Duration.ofSeconds(50);

    @Test
    void floodsAreNotKeptInMemory() throws Exception {
        try (Simulator simulator = Simulator.start(
                        SimulatorOptions.builder().rate(0).maxPending(1 << 20).build());
                RawClient client = RawClient.open(simulator, "/generic/x")) {
            int messages = 200_000;
            int bytes = 1024;
            Fault fault = simulator.faults().flood(messages, bytes);
            // 200 MB against a bound of 1 MiB: had it been queued, the connection would be gone
            byte[] buffer = new byte[1 << 16];
            long left = (long) messages * (bytes + 4);
            while (left > 0) {
                int count = client.in.read(buffer, 0, (int) Math.min(left, buffer.length));
                assertThat(count).isPositive();
                left -= count;
            }
            fault.done().get(20, TimeUnit.SECONDS);
            assertThat(simulator.open().get(0).counters().framesOut()).isEqualTo(messages);
        }
    }

    @Test
    void aHerdOfAThousand() throws Exception {
        List<RawClient> herd = new ArrayList<>();
        try (Simulator simulator =
                Simulator.start(SimulatorOptions.builder().rate(1).build())) {
            for (int i = 0; i < 1_000; i++) {
                herd.add(RawClient.open(simulator, "/generic/herd"));
            }
            assertThat(simulator.awaitOpen(1_000, LIMIT)).hasSize(1_000);
            long number = simulator.data().last("/generic/herd");
            simulator.await("a number everybody got", () -> simulator.data().last("/generic/herd") > number + 1, LIMIT);
            for (RawClient client : herd) {
                assertThat(client.textWith("\"seq\":" + (number + 1) + ",")).isNotEmpty();
            }
            Fault fault = simulator.faults().reset();
            assertThat(fault.connections()).hasSize(1_000);
            assertThat(simulator.open()).isEmpty();
            assertThat(simulator.acceptLog()).hasSize(1_000).allMatch(r -> r.end() == AcceptRecord.End.FAULT);
        } finally {
            for (RawClient client : herd) {
                client.close();
            }
        }
    }

    @Test
    void hundredsOfReconnectsLeaveBoundedAccounts() throws Exception {
        try (Simulator simulator = Simulator.start(
                SimulatorOptions.builder().rate(50).keepAccepts(100).build())) {
            for (int i = 1; i <= 500; i++) {
                try (RawClient client = RawClient.open(simulator, i % 2 == 0 ? "/generic/x" : "/ws/api/v2")) {
                    if (i % 3 == 0) {
                        simulator.faults().reset();
                    }
                }
            }
            simulator.awaitEnd(500, LIMIT);
            simulator.await(
                    "the end of the sockets", () -> simulator.acceptLog().size() == 100, LIMIT);
            assertThat(simulator.accepts()).isEqualTo(500);
            assertThat(simulator.acceptLog().get(99).number()).isEqualTo(500);
            assertThat(simulator.data().subscribers("/generic/x")).isZero();
        }
    }
}
