// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.parts;

import io.holdfast.transport.jetty.frames.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The strict check of UTF-8 that every text message gets, beside the decoding that only listeners of text pay for. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TextBenchmark {
    @Param({"ascii", "mixed"})
    public String text;

    private ByteBuffer payload;

    @Setup
    public void make() {
        String unit = text.equals("ascii") ? "{\"price\":61234.5}" : "{\"price\":\"61 234,5 \u20ac\"}";
        payload = ByteBuffer.wrap(
                unit.repeat(528 / unit.getBytes(StandardCharsets.UTF_8).length).getBytes(StandardCharsets.UTF_8));
    }

    @Benchmark
    public boolean check() {
        return Utf8.isValid(payload);
    }

    @Benchmark
    public String decode() {
        return new String(payload.array(), 0, payload.limit(), StandardCharsets.UTF_8);
    }
}
