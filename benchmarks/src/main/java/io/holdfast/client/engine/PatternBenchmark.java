// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.client.core.Traffic;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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

/** What a message costs that is looked at for a heartbeat. In the engine's package, whose classes are its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PatternBenchmark {
    private final DeribitHeartbeat deribit = new DeribitHeartbeat();
    private final List<FramePattern> patterns = deribit.open(
                    new HeartbeatContext("c", deribit.options().parse(Map.of())))
            .profile()
            .patterns();
    private final FrameMatcher matcher = new FrameMatcher(patterns);
    private final Traffic traffic = new Traffic(0);
    private final ByteBuffer ticker = utf8("{\"jsonrpc\":\"2.0\",\"params\":{\"data\":\"" + "x".repeat(480) + "\"}}");
    private final ByteBuffer shortTrade =
            utf8("{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"data\":\"" + "x".repeat(80) + "\"}}");
    private final ByteBuffer testRequest =
            utf8("{\"jsonrpc\":\"2.0\",\"method\":\"heartbeat\",\"params\":{\"type\":\"test_request\"}}");
    private long nanos;

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Benchmark
    public Object dismissedByItsLength() {
        return matcher.match(ticker);
    }

    @Benchmark
    public Object shortAndSearched() {
        return matcher.match(shortTrade);
    }

    @Benchmark
    public Object found() {
        return matcher.match(testRequest);
    }

    @Benchmark
    public void noted() {
        traffic.dataAt(++nanos);
    }
}
