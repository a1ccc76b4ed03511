// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.get;
import static io.holdfast.client.scenarios.House.quick;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message that is far too long costs: measured as the bytes that the client's threads allocate. */
class OversizedMemoryTest {
    private static final long MESSAGE = 1L << 30;
    private static final int ALLOWED = 100_000;

    /** For the connection before and after it, events, and both engines' buffers. */
    private static final long MOST_ALLOCATED = 16L << 20;

    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(0).build());
    private final House house = new House();
    private final Seen seen = new Seen();

    @AfterEach
    void stop() {
        house.close();
        simulator.close();
    }

    private static long allocatedByTheClient() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(t -> t != null && t.getThreadName().startsWith("holdfast"))
                .filter(t -> !t.getThreadName().startsWith("holdfast-simulator"))
                .mapToLong(t -> t.getThreadId())
                .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids))
                .filter(b -> b > 0)
                .sum();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"core", "direct"})
    @DisplayName("N26 a message of 1 GiB above message.max.bytes costs no memory")
    void N26_memoryStaysFlat(String engine) throws Exception {
        WebSocketClient client = house.ready(
                quick(simulator.uri("/generic/x"))
                        .option("transport.engine", engine)
                        .option("message.max.bytes", ALLOWED),
                seen);
        long before = allocatedByTheClient();

        simulator.faults().onOpen().oversized(MESSAGE);

        assertThat(seen.cause(Type.LOST).code()).hasValue(1009);
        simulator.awaitEnd(1, LIMIT);
        long allocated = allocatedByTheClient() - before;
        System.out.println(engine + ": " + allocated + " bytes allocated for a message of " + MESSAGE);
        assertThat(allocated).isPositive().isLessThan(MOST_ALLOCATED);
        assertThat(seen.count()).isZero();
        get(client.close());
    }
}
