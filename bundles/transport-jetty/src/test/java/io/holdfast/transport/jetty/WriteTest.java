// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(FrameEngine.class)
class WriteTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    private final EngineTransport transport;

    WriteTest(FrameEngine engine) {
        transport = new EngineTransport(engine, new JettyTransport());
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @Test
    void framesLeaveInTheOrderOfTheCallsPingsIncluded() throws Exception {
        int count = 3000;
        CompletableFuture<List<String>> received = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            List<String> order = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Peer.Received frame = peer.read();
                order.add((frame.opCode() == Peer.PING ? "ping" : "text")
                        + frame.text().strip());
            }
            received.complete(order);
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            List<String> order = new ArrayList<>();
            AtomicInteger sent = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(count);
            for (int i = 0; i < count; i++) {
                int number = i;
                SendCallback callback = new SendCallback() {
                    @Override
                    public void sent() {
                        if (sent.getAndIncrement() == number) {
                            all.countDown();
                        }
                    }

                    @Override
                    public void failed(String reason) {}
                };
                if (i % 3 == 0) {
                    order.add("ping" + i);
                    connection.ping(Requests.utf8("" + i), callback);
                } else {
                    order.add("text" + i);
                    connection.send(true, Requests.utf8(i + " ".repeat(i % 2000)), callback);
                }
            }
            assertThat(received.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(order);
            assertThat(all.await(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void sendersOnManyThreadsLoseNothing() throws Exception {
        int threads = 8;
        int each = 500;
        CompletableFuture<int[]> received = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            int[] next = new int[threads];
            for (int i = 0; i < threads * each; i++) {
                String[] message = peer.read().text().split(":");
                int thread = Integer.parseInt(message[0]);
                if (next[thread] == Integer.parseInt(message[1])) {
                    next[thread]++;
                }
            }
            received.complete(next);
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                Thread sender = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        connection.send(true, Requests.utf8(thread + ":" + i), SendCallback.NONE);
                    }
                });
                senders.add(sender);
                sender.start();
            }
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(received.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).containsOnly(each);
        }
    }

    @Test
    void thePayloadsPositionIsLeftAlone() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            received.complete(peer.read().text());
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            ByteBuffer payload = Requests.utf8("xxpayloadxx").position(2).limit(9);
            Requests.Sent sent = new Requests.Sent();
            connection.send(true, payload, sent);
            assertThat(received.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("payload");
            assertThat(sent.result.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("sent");
            assertThat(payload.position()).isEqualTo(2);
            assertThat(payload.limit()).isEqualTo(9);
        }
    }

    /** A peer that upgrades and never reads again: its window becomes zero. */
    private static ScriptedServer deaf(CountDownLatch end) throws Exception {
        return new ScriptedServer(peer -> {
            peer.upgrade();
            end.await();
        });
    }

    @Test
    void aFrameThatCannotBeWrittenInTimeEndsTheConnection() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = deaf(end)) {
            Recorder recorder = new Recorder();
            TransportConnection connection =
                    transport.connect(Requests.withWriteTimeout(server.uri(), SHORT), recorder);
            recorder.awaitOpen();
            Requests.Sent first = new Requests.Sent();
            List<Requests.Sent> others = new ArrayList<>();
            connection.send(false, ByteBuffer.allocate(32 << 20), first);
            for (int i = 0; i < 10_000; i++) {
                Requests.Sent other = new Requests.Sent();
                others.add(other);
                connection.send(true, Requests.utf8("waits"), other);
            }
            CloseInfo info = recorder.awaitClosed();
            assertThat(info.kind()).isEqualTo(CloseInfo.Kind.WRITE_TIMEOUT);
            assertThat(info.reason()).contains("PT0.4S");
            assertThat(first.result.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                    .startsWith("failed: ");
            for (Requests.Sent other : others) {
                assertThat(other.result.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                        .startsWith("failed: ");
                assertThat(other.twice).isFalse();
            }
            end.countDown();
        }
    }

    @Test
    void theLimitHoldsWhileClosingToo() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = deaf(end)) {
            Recorder recorder = new Recorder();
            TransportConnection connection =
                    transport.connect(Requests.withWriteTimeout(server.uri(), SHORT), recorder);
            recorder.awaitOpen();
            connection.send(false, ByteBuffer.allocate(32 << 20), SendCallback.NONE);
            connection.close(1000, "");
            assertThat(recorder.awaitClosed().kind()).isEqualTo(CloseInfo.Kind.WRITE_TIMEOUT);
            end.countDown();
        }
    }

    @Test
    void theLimitHoldsForTheAnswerToAClosingPeerAndForAFailedConnection() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        for (boolean violation : new boolean[] {false, true}) {
            try (ScriptedServer server = new ScriptedServer(peer -> {
                peer.upgrade();
                stuck.await();
                if (violation) {
                    peer.send(0x83);
                } else {
                    peer.sendClose(1012, "restart");
                }
                end.await();
            })) {
                Recorder recorder = new Recorder();
                TransportConnection connection =
                        transport.connect(Requests.withWriteTimeout(server.uri(), Duration.ofSeconds(4)), recorder);
                recorder.awaitOpen();
                connection.send(false, ByteBuffer.allocate(32 << 20), SendCallback.NONE);
                stuck.countDown();
                CloseInfo info = recorder.awaitClosed();
                // Which of the two ends is seen first is a race only for the violation, which Jetty tells after its
                // frame.
                if (violation) {
                    assertThat(info.kind()).isIn(CloseInfo.Kind.PROTOCOL, CloseInfo.Kind.WRITE_TIMEOUT);
                } else {
                    assertThat(info).isEqualTo(new CloseInfo(CloseInfo.Kind.HANDSHAKE, 1012, "restart"));
                }
            }
        }
        end.countDown();
    }

    @Test
    void theLimitCountsFromTheStartOfEachWrite() throws Exception {
        // The whole takes longer than the limit, each frame does not: the peer reads one frame per quarter of the
        // limit.
        int frames = 6;
        Duration limit = Duration.ofSeconds(5);
        CompletableFuture<Integer> read = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            for (int i = 0; i < frames; i++) {
                TimeUnit.MILLISECONDS.sleep(limit.toMillis() / 4);
                peer.read();
            }
            read.complete(frames);
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection =
                    transport.connect(Requests.withWriteTimeout(server.uri(), limit), recorder);
            recorder.awaitOpen();
            List<Requests.Sent> all = new ArrayList<>();
            for (int i = 0; i < frames; i++) {
                Requests.Sent sent = new Requests.Sent();
                all.add(sent);
                connection.send(false, ByteBuffer.allocate(8 << 20), sent);
            }
            for (Requests.Sent sent : all) {
                assertThat(sent.result.get(60, TimeUnit.SECONDS)).isEqualTo("sent");
            }
            read.get(60, TimeUnit.SECONDS);
            assertThat(recorder.closed).isNotDone();
        }
    }

    @Test
    void aPingThatIsTooLargeIsRefused() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.upgrade().readToEnd())) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connection.ping(ByteBuffer.allocate(126), SendCallback.NONE))
                    .withMessageContaining("125");
        }
    }

    @Test
    void aCallbackThatThrowsEndsItsConnectionOnly() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.upgrade().readToEnd())) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            connection.send(true, Requests.utf8("x"), new SendCallback() {
                @Override
                public void sent() {
                    throw new IllegalStateException("oops");
                }

                @Override
                public void failed(String reason) {}
            });
            CloseInfo info = recorder.awaitClosed();
            assertThat(info.code()).isEqualTo(1011);
            assertThat(info.reason()).contains("IllegalStateException", "oops");
        }
    }

    @Test
    void anErrorInACallbackEndsTheConnectionAndHoldsUpNoOtherFrame() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.upgrade().readToEnd())) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            connection.send(true, Requests.utf8("x"), new SendCallback() {
                @Override
                public void sent() {
                    throw new AssertionError("on purpose");
                }

                @Override
                public void failed(String reason) {}
            });
            Requests.Sent behind = new Requests.Sent();
            connection.send(true, Requests.utf8("y"), behind);
            assertThat(behind.result.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isNotEmpty();
            assertThat(recorder.awaitClosed().reason()).contains("on purpose");
        }
    }
}
