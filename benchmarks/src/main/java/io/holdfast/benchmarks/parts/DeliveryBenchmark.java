// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.parts;

import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.lanes.SystemEnvironment;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From the transport's call to the listener that has seen the message: directly, or through the ring and a thread of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeliveryBenchmark {
    private static final int MESSAGES = 1000;

    @Param({"direct", "queued"})
    public String way;

    private final SystemEnvironment environment = new SystemEnvironment();
    private final ByteBuffer payload = ByteBuffer.allocate(528);
    private final Counting counting = new Counting();
    private Delivery delivery;

    /** Takes the bytes and nothing else. */
    private static final class Counting implements MessageListener {
        private volatile long seen;

        @Override
        public void onMessage(Message message) {
            seen = message.sequence();
        }
    }

    @Setup
    public void open() {
        delivery = Deliveries.to(counting, way.equals("direct"), environment);
    }

    @TearDown
    public void close() {
        environment.close();
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long deliver() {
        for (int i = 0; i < MESSAGES; i++) {
            delivery.deliver(true, payload, i, 1);
        }
        long last = delivery.messages();
        while (counting.seen < last) {
            Thread.onSpinWait();
        }
        return last;
    }
}
