// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.TlsTrust;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.benchmarks.parts.OneRead;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.internal.Parser;
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
 * What the transport spends on a text message, without a socket: from the end point that holds the bytes of one read to a listener
 * that takes bytes. 512 bytes on average. The parser is Jetty's, alone: the core engine cannot do without it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransportBenchmark {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Param({"parser", "core", "direct"})
    public String way;

    private final ByteBuffer frames = OneRead.beginning("");
    private final Parser parser = new Parser(new ByteBufferPool.NonPooling());
    private final Counting listener = new Counting();
    private final Memory memory = new Memory();
    private Network network;
    private boolean parserOnly;

    /** Jetty's end point over memory, which is told of on the thread that put something there. */
    private static final class Memory extends ByteArrayEndPoint {
        @Override
        protected void execute(Runnable task) {
            task.run();
        }

        /** There was no connection before ours, which Jetty counts on. */
        @Override
        public void upgrade(Connection first) {
            setConnection(first);
            first.onOpen();
        }
    }

    private static final class Counting implements TransportListener {
        private long messages;

        @Override
        public void onOpen(TransportConnection connection) {
            // counts messages only
        }

        @Override
        public boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos) {
            messages++;
            return true;
        }

        @Override
        public void onPing(ByteBuffer payload, long receivedNanos) {
            throw new IllegalStateException();
        }

        @Override
        public void onPong(ByteBuffer payload, long receivedNanos) {
            throw new IllegalStateException();
        }

        @Override
        public void onFailed(ConnectFailure failure) {
            throw new IllegalStateException(failure.toString());
        }

        @Override
        public void onClosed(CloseInfo info) {
            throw new IllegalStateException(info.toString());
        }
    }

    @Setup
    public void open() {
        network = Network.start(InetAddress::getAllByName, 1);
        parserOnly = way.equals("parser");
        ConnectRequest request = new ConnectRequest(
                URI.create("ws://127.0.0.1:1/"), Map.of(), LIMIT, LIMIT, LIMIT, 1 << 20, TlsTrust.DEFAULT);
        // The connection's handle hears of its end only, and there is none.
        Link link = way.equals("direct")
                ? new DirectLink(network, request, listener, null, memory, null)
                : new CoreLink(network, request, listener, null, memory);
        link.open();
    }

    @TearDown
    public void close() {
        network.close();
    }

    @Benchmark
    @OperationsPerInvocation(OneRead.MESSAGES)
    public long message() {
        ByteBuffer bytes = frames.slice();
        if (parserOnly) {
            return parse(bytes);
        }
        long before = listener.messages;
        memory.addInputAndExecute(bytes);
        if (listener.messages - before != OneRead.MESSAGES) {
            throw new IllegalStateException(listener.messages - before + " messages");
        }
        return before;
    }

    private long parse(ByteBuffer bytes) {
        long lengths = 0;
        while (bytes.hasRemaining()) {
            Frame.Parsed frame = parser.parse(bytes);
            lengths += frame.getPayloadLength();
        }
        return lengths;
    }
}
