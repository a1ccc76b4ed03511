// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(FrameEngine.class)
class EndTest {
    private final FrameEngine engine;
    private final EngineTransport transport;

    EndTest(FrameEngine engine) {
        this.engine = engine;
        transport = new EngineTransport(engine, new JettyTransport());
    }

    @AfterEach
    void stop() {
        transport.close();
        // Jetty's timer has been told to end, and may take a moment.
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("holdfast-"))
                .toList();
    }

    private CloseInfo endOf(ScriptedServer.Script script) throws Exception {
        try (ScriptedServer server = new ScriptedServer(script)) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            return recorder.awaitClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1008, 1011, 1012, 3000, 4999})
    void thePeersCloseIsAnsweredAndReported(int code) throws Exception {
        CompletableFuture<Peer.Received> answer = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.sendClose(code, "why\n\u001b[0m");
            answer.complete(peer.read());
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitClosed())
                    .isEqualTo(new CloseInfo(CloseInfo.Kind.HANDSHAKE, code, "why\\u000a\\u001b[0m"));
            assertThat(answer.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS).closeCode())
                    .isEqualTo(code);
        }
    }

    @Test
    void aCloseWithoutCodeIs1005() throws Exception {
        CloseInfo info = endOf(peer -> {
            peer.upgrade();
            peer.send(0x80 | Peer.CLOSE);
            peer.readToEnd();
        });
        assertThat(info).isEqualTo(new CloseInfo(CloseInfo.Kind.HANDSHAKE, 1005, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 4000})
    void ownCloseWaitsForThePeersAnswer(int code) throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CompletableFuture<Peer.Received> asked = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            asked.complete(peer.read());
            peer.text("still something");
            answer.await();
            peer.sendClose(1001, "fine");
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            connection.close(code, "bye");
            connection.close(1000, "again");
            assertThat(asked.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS).payload())
                    .isEqualTo(Peer.closePayload(code, "bye"));
            Requests.Sent late = new Requests.Sent();
            connection.send(true, Requests.utf8("late"), late);
            assertThat(late.result.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                    .startsWith("failed: ");
            assertThat(recorder.awaitMessage()).isEqualTo("still something");
            assertThat(recorder.closed).isNotDone();
            answer.countDown();
            assertThat(recorder.awaitClosed()).isEqualTo(new CloseInfo(CloseInfo.Kind.HANDSHAKE, 1001, "fine"));
        }
    }

    @Test
    void aFrameSentBeforeTheCloseStillLeaves() throws Exception {
        CompletableFuture<List<String>> received = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            List<String> frames = new ArrayList<>();
            Peer.Received frame = peer.read();
            while (frame.opCode() != Peer.CLOSE) {
                frames.add(frame.text());
                frame = peer.read();
            }
            received.complete(frames);
            peer.sendClose(1000, "");
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            for (int i = 0; i < 100; i++) {
                connection.send(true, Requests.utf8("" + i), SendCallback.NONE);
            }
            connection.close(1000, "");
            recorder.awaitClosed();
            assertThat(received.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).hasSize(100);
        }
    }

    @Test
    void codesAndReasonsThatMustNotBeSentAreRefused() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.upgrade().readToEnd())) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            for (int code : new int[] {999, 1004, 1005, 1006, 1015, 2999, 5000}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> connection.close(code, ""))
                        .withMessageContaining("" + code);
            }
            assertThatIllegalArgumentException().isThrownBy(() -> connection.close(1000, "\u20ac".repeat(42)));
            assertThat(recorder.closed).isNotDone();
        }
    }

    @Test
    void finAndRstAreLost() throws Exception {
        assertThat(endOf(peer -> peer.upgrade().text("x")).kind()).isEqualTo(CloseInfo.Kind.LOST);
        CloseInfo info = endOf(peer -> {
            peer.upgrade();
            peer.reset();
        });
        assertThat(info.kind()).isEqualTo(CloseInfo.Kind.LOST);
        assertThat(info.code()).isEqualTo(1006);
    }

    @Test
    void whatCameBeforeTheFinIsDelivered() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            for (int i = 0; i < 5000; i++) {
                peer.text("m" + i);
            }
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitClosed().kind()).isEqualTo(CloseInfo.Kind.LOST);
            assertThat(recorder.messages).hasSize(5000);
        }
    }

    @Test
    void abortIsImmediateSilentAndWithoutAFrame() throws Exception {
        CompletableFuture<Boolean> frameless = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            try {
                peer.read();
                frameless.complete(false);
            } catch (java.io.IOException e) {
                frameless.complete(true);
            }
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            connection.abort();
            connection.abort();
            assertThat(frameless.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            connection.demand();
            connection.close(1000, "");
            Requests.Sent sent = new Requests.Sent();
            connection.send(true, Requests.utf8("x"), sent);
            assertThat(sent.result.get()).startsWith("failed: ");
            transport.close();
            assertThat(recorder.terminal).hasValue(0);
        }
    }

    @Test
    void abortFailsWhatWaitsToBeWritten() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            end.await();
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            List<Requests.Sent> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Requests.Sent sent = new Requests.Sent();
                all.add(sent);
                connection.send(false, ByteBuffer.allocate(16 << 20), sent);
            }
            connection.abort();
            for (Requests.Sent sent : all) {
                assertThat(sent.result.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                        .startsWith("failed: ");
            }
            end.countDown();
        }
    }

    @Test
    void theListenerMayAbortAndCloseFromWithin() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.text("one");
            peer.text("two");
            peer.sendClose(peer.read().closeCode(), "");
            peer.readToEnd();
        })) {
            CompletableFuture<TransportConnection> self = new CompletableFuture<>();
            Recorder aborting = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    self.join().abort();
                    return super.message(text, payload, receivedNanos);
                }
            };
            self.complete(transport.connect(Requests.to(server.uri()), aborting));
            assertThat(aborting.awaitMessage()).isEqualTo("one");
            CompletableFuture<TransportConnection> other = new CompletableFuture<>();
            Recorder closing = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    other.join().close(4001, "enough");
                    return super.message(text, payload, receivedNanos);
                }
            };
            other.complete(transport.connect(Requests.to(server.uri()), closing));
            assertThat(closing.awaitClosed().code()).isEqualTo(4001);
            assertThat(closing.messages).containsExactly("one", "two");
            transport.close();
            assertThat(aborting.messages).isEmpty();
            assertThat(aborting.terminal).hasValue(0);
        }
    }

    @Test
    void anErrorThatNobodyHandlesEndsItsConnectionAndIsNotSilence() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.text("x");
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    throw new AssertionError("on purpose");
                }
            };
            transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitClosed().code()).isNotEqualTo(1000);
        }
    }

    @Test
    void anErrorInOnOpenLeavesNoConnectionThatNobodyReads() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.upgrade().readToEnd())) {
            Recorder recorder = new Recorder() {
                @Override
                public void onOpen(TransportConnection connection) {
                    throw new AssertionError("on purpose");
                }
            };
            transport.connect(Requests.to(server.uri()), recorder);
            CloseInfo info = recorder.awaitClosed();
            // The engines tell it differently.
            assertThat(info.kind())
                    .isEqualTo(engine == FrameEngine.CORE ? CloseInfo.Kind.PROTOCOL : CloseInfo.Kind.LOST);
            assertThat(info.reason()).contains("on purpose");
            assertThat(transport.connections()).isZero();
        }
    }

    static List<Throwable> throwables() {
        return List.of(new IllegalStateException("oops\n"), new NoClassDefFoundError("gone"), new StackOverflowError());
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("throwables")
    void aListenerThatThrowsEndsItsConnectionOnly(Throwable thrown) throws Exception {
        CompletableFuture<Peer.Received> close = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.upgrade();
                    peer.text("x");
                    close.complete(peer.read());
                    peer.readToEnd();
                });
                ScriptedServer good = new ScriptedServer(peer -> {
                    peer.upgrade();
                    peer.text(peer.read().text());
                    peer.readToEnd();
                })) {
            Recorder unharmed = new Recorder();
            TransportConnection other = transport.connect(Requests.to(good.uri()), unharmed);
            unharmed.awaitOpen();
            Recorder recorder = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    throw EndTest.<RuntimeException>sneaky(thrown);
                }
            };
            transport.connect(Requests.to(server.uri()), recorder);
            CloseInfo info = recorder.awaitClosed();
            assertThat(info.code()).isEqualTo(1011);
            assertThat(info.reason()).contains(thrown.getClass().getName()).doesNotContain("\n");
            assertThat(close.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS).closeCode())
                    .isEqualTo(1011);
            other.send(true, Requests.utf8("still here"), SendCallback.NONE);
            assertThat(unharmed.awaitMessage()).isEqualTo("still here");
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aListenerThatThrowsInOnOpenIsClosed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.upgrade().readToEnd())) {
            Recorder recorder = new Recorder() {
                @Override
                public void onOpen(TransportConnection connection) {
                    throw new IllegalStateException("oops");
                }
            };
            transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitClosed().code()).isEqualTo(1011);
        }
    }

    @Test
    void aThousandCyclesLeaveNeitherThreadsNorConnections() throws Exception {
        int[] most = new int[1];
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.text("x");
            peer.sendClose(peer.read().closeCode(), "");
            peer.readToEnd();
        })) {
            for (int i = 0; i < 1000; i++) {
                Recorder recorder = new Recorder();
                TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
                recorder.awaitMessage();
                if (i % 2 == 0) {
                    connection.close(1000, "");
                    assertThat(recorder.awaitClosed())
                            .as("cycle %d", i)
                            .isEqualTo(new CloseInfo(CloseInfo.Kind.HANDSHAKE, 1000, ""));
                } else {
                    connection.abort();
                }
                if (i % 100 == 0) {
                    most[0] = Math.max(most[0], threads().size());
                }
            }
            // 16 of the pool, 4 for names, the timer.
            assertThat(most[0]).isBetween(1, 21);
            assertThat(transport.connections()).isZero();
        }
    }

    @Test
    void aHerdOfAThousandConnectsAtOnce() throws Exception {
        int count = 1000;
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.text("x");
            peer.readToEnd();
        })) {
            List<Recorder> recorders = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Recorder recorder = new Recorder();
                recorders.add(recorder);
                transport.connect(Requests.to(server.uri()), recorder);
            }
            for (Recorder recorder : recorders) {
                assertThat(recorder.messages.poll(60, TimeUnit.SECONDS)).isEqualTo("x");
            }
            assertThat(transport.connections()).isEqualTo(count);
            assertThat(threads()).hasSizeLessThanOrEqualTo(21);
            transport.close();
            for (Recorder recorder : recorders) {
                CloseInfo info = recorder.awaitClosed();
                assertThat(info.kind()).isEqualTo(CloseInfo.Kind.LOST);
                assertThat(info.reason()).contains("stopped");
            }
        }
    }

    @Test
    void nothingIsStartedBeforeTheFirstConnectAndNothingGoesOnAfterTheClose() throws Exception {
        // Jetty's timer has been told to end, and may take a moment.
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(threads()).isEmpty());
        transport.close();
        transport.close();
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> transport.connect(Requests.to(java.net.URI.create("ws://127.0.0.1:1/")), new Recorder()));
        // Jetty's timer has been told to end, and may take a moment.
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void closingTheTransportFailsAttempts() throws Exception {
        try (ScriptedServer server = new ScriptedServer(Peer::readToEnd)) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            await().atMost(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> server.accepted.get() == 1);
            transport.close();
            assertThat(recorder.awaitFailed().message()).contains("stopped");
        }
    }

    @Test
    void closingTheTransportInterruptsAListenerThatBlocksItsThread() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.read();
            peer.text("x");
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    blocked.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return true;
                }
            };
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            connection.send(true, Requests.utf8("go"), SendCallback.NONE);
            blocked.await();
            transport.close();
            assertThat(recorder.awaitClosed().reason()).contains("stopped");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed", "aborted", "lost"})
    void aClosedConnectionHoldsNoListener(String how) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            if (how.equals("lost")) {
                return;
            }
            if (how.equals("closed")) {
                peer.read();
                peer.sendClose(1000, "");
            }
            peer.readToEnd();
        })) {
            WeakReference<Recorder> listener = new WeakReference<>(used(server, how));
            await().atMost(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> {
                System.gc();
                return listener.get() == null;
            });
        }
    }

    /** In a method of its own, so that no local variable holds it. */
    private Recorder used(ScriptedServer server, String how) throws Exception {
        Recorder recorder = new Recorder();
        TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
        recorder.awaitOpen();
        if (how.equals("closed")) {
            connection.close(1000, "");
        } else if (how.equals("aborted")) {
            connection.afterReadPass(() -> recorder.messages.clear());
            connection.abort();
            return recorder;
        }
        recorder.awaitClosed();
        return recorder;
    }
}
