// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.parts;

import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.OverflowPolicy;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.exchange.ConflatedChannels;
import io.holdfast.client.lanes.SystemEnvironment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
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

    /** Nothing overflows here. */
    private static final OverflowPolicy POLICY =
            new OverflowPolicy(OverflowPolicy.Kind.DISCONNECT, 65_536, 1 << 25, Duration.ofSeconds(5));

    private static final class Nobody implements Delivery.Owner {
        @Override
        public OverflowPolicy overflow() {
            return POLICY;
        }

        @Override
        public Duration blockLimit() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Duration gapMax() {
            return Duration.ZERO;
        }

        @Override
        public void failed(Throwable fault) {
            throw new IllegalStateException(fault);
        }

        @Override
        public void overflowed(String description) {
            throw new IllegalStateException(description);
        }

        @Override
        public void demand(long connection) {
            // its reading is not stopped for long: the thread that delivers here goes on anyway
        }

        @Override
        public void listenersChanged(int present) {
            // one, always
        }

        @Override
        public void listenerFault(String plainText) {
            throw new IllegalStateException(plainText);
        }

        @Override
        public void listenerBlocked(String plainText) {
            System.err.println(plainText);
        }
    }

    @Setup
    public void open() {
        delivery = new Delivery("c", environment, way.equals("direct"), new ConflatedChannels(), new Nobody());
        delivery.add(counting, Optional.empty());
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
