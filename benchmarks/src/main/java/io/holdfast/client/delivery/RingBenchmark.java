// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message into the ring of a queued listener and out of it again, on one thread: the copying, without the hand-over. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingBenchmark {
    private final ByteRing ring = new ByteRing();
    private final LaneMessage message = new LaneMessage();
    private final ByteBuffer payload = ByteBuffer.allocate(528);
    private long sequence;

    @Benchmark
    public boolean inAndOut() {
        ring.append(true, payload, ++sequence, 1, sequence, 1 << 20);
        ring.peek();
        boolean taken = ring.take(message);
        message.end();
        return taken;
    }
}
