// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.FrameObserver;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.benchmarks.parts.Deliveries;
import io.holdfast.benchmarks.parts.OneRead;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.lanes.SystemEnvironment;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import io.holdfast.transport.jetty.frames.MessageReader;
import io.holdfast.transport.jetty.frames.Violation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
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

/**
 * The path of a message without the socket, piece by piece: out of the buffer of one read, through the frame reader and the
 * connection to a direct listener. Each way does what the one before it does, and more. 512 bytes on average, a quarter of the
 * messages short enough to be looked at for a heartbeat.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageBenchmark {
    private static final String HEAD =
            "{\"e\":\"trade\",\"E\":1700000000000,\"s\":\"BTCUSDT\",\"t\":3000000000,\"p\":\"60000.1\",\"q\":\"";

    /** frames: read and checked; bytes: to a listener that takes bytes; text: a String; patterns: looked at for heartbeats. */
    @Param({"frames", "bytes", "text", "patterns"})
    public String way;

    private final ByteBuffer in = OneRead.beginning(HEAD);
    private final ByteBuffer view = in.duplicate();
    private final MessageReader reader = new MessageReader(1 << 20, null);
    private final SystemEnvironment environment = new SystemEnvironment();
    private Connection connection;
    private boolean framesOnly;
    private long nanos;

    private record Taking(boolean text, long[] seen) implements MessageListener {
        @Override
        public void onMessage(Message message) {
            seen[0] += text ? message.text().length() : message.bytes().remaining();
        }
    }

    /** Nothing of this happens here. */
    private static final class Nobody implements Connection.Owner {
        @Override
        public void opened(Connection opened) {
            throw new IllegalStateException();
        }

        @Override
        public void failed(Connection failed, ConnectFailure failure) {
            throw new IllegalStateException(failure.toString());
        }

        @Override
        public void closed(Connection closed, CloseInfo info) {
            throw new IllegalStateException(info.toString());
        }

        @Override
        public void beatAnswered(Connection answered) {
            throw new IllegalStateException();
        }

        @Override
        public void notice(Connection noticed, String pattern, Duration lead) {
            throw new IllegalStateException(pattern);
        }

        @Override
        public void hook(Connection hooked, String pattern, String frame) {
            throw new IllegalStateException(pattern);
        }
    }

    @Setup
    public void open() {
        framesOnly = way.equals("frames");
        Delivery delivery = Deliveries.to(new Taking(!way.equals("bytes"), new long[1]), true, environment);
        DeribitHeartbeat deribit = new DeribitHeartbeat();
        HeartbeatProfile profile = way.equals("patterns")
                ? deribit.open(new HeartbeatContext("c", deribit.options().parse(Map.of())))
                        .profile()
                : HeartbeatProfile.of("none");
        connection = new Connection(
                new FrameObserver.Origin("c", 1, 1),
                new Nobody(),
                delivery,
                new Counters(),
                new Ids(),
                new FrameObservers(),
                new ProfilePool().of(profile),
                nanos);
    }

    @TearDown
    public void close() {
        environment.close();
    }

    @Benchmark
    @OperationsPerInvocation(OneRead.MESSAGES)
    public long message() throws Violation {
        long lengths = 0;
        nanos++;
        in.rewind();
        while (reader.read(in, view) == MessageReader.Event.MESSAGE) {
            ByteBuffer payload = reader.payload();
            lengths += payload.remaining();
            if (!framesOnly) {
                connection.onMessage(reader.text(), payload, nanos);
            }
        }
        return lengths;
    }
}
