// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.TransportConnection;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(FrameEngine.class)
class FlowTest {
    /** One selector, so that whoever blocks it blocks it for all. */
    private final EngineTransport transport;

    FlowTest(FrameEngine engine) {
        transport = new EngineTransport(engine, new JettyTransport(InetAddress::getAllByName, 1));
    }

    private final Loopback loopback = new Loopback();

    @AfterEach
    void stop() {
        transport.close();
        loopback.close();
    }

    /** Takes one message per demand. */
    private static class OneByOne extends Recorder {
        @Override
        boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
            super.message(text, payload, receivedNanos);
            return false;
        }
    }

    @Test
    void nothingComesWithoutDemandAndEverythingWithIt() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            for (int i = 0; i < 1000; i++) {
                peer.text("m" + i);
            }
            peer.readToEnd();
        })) {
            OneByOne recorder = new OneByOne();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            for (int i = 0; i < 1000; i++) {
                assertThat(recorder.awaitMessage()).isEqualTo("m" + i);
                assertThat(recorder.messages).isEmpty();
                connection.demand();
            }
            // More demands than pauses must not let a later pause slip.
            connection.demand();
            connection.demand();
            assertThat(recorder.violations).isEmpty();
        }
    }

    @Test
    void pausesAnywhereInAFloodLoseNothing() throws Exception {
        int count = 3000;
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            for (int i = 0; i < count; i++) {
                peer.text(numbered(i));
            }
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder() {
                private int seen;

                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    super.message(text, payload, receivedNanos);
                    return ++seen % 97 != 0;
                }
            };
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            for (int i = 0; i < count; i++) {
                assertThat(recorder.awaitMessage()).isEqualTo(numbered(i));
                if ((i + 1) % 97 == 0) {
                    assertThat(recorder.messages).isEmpty();
                    connection.demand();
                }
            }
            assertThat(recorder.violations).isEmpty();
        }
    }

    /** From short to longer than a slice of what is read. */
    private static String numbered(int i) {
        return i + "x".repeat(i * 7919 % (i % 50 == 0 ? 40_000 : 900));
    }

    @Test
    void aDemandThatComesBeforeTheListenerReturnedIsNotLost() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            for (int i = 0; i < 1000; i++) {
                peer.text("m" + i);
            }
            peer.readToEnd();
        })) {
            CompletableFuture<TransportConnection> self = new CompletableFuture<>();
            OneByOne recorder = new OneByOne() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    self.join().demand();
                    return super.message(text, payload, receivedNanos);
                }
            };
            self.complete(transport.connect(Requests.to(server.uri()), recorder));
            for (int i = 0; i < 1000; i++) {
                assertThat(recorder.awaitMessage()).isEqualTo("m" + i);
            }
        }
    }

    @Test
    void withoutDemandTheBackPressureReachesThePeer() throws Exception {
        AtomicLong written = new AtomicLong();
        int total = 64 << 20;
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            byte[] frame = Peer.frame(0x82, new byte[60_000]);
            while (written.get() < total) {
                peer.raw(frame);
                written.addAndGet(60_000);
            }
            peer.sendClose(1000, "");
            peer.readToEnd();
        })) {
            AtomicBoolean paused = new AtomicBoolean(true);
            AtomicLong received = new AtomicLong();
            Recorder recorder = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    received.addAndGet(payload.remaining());
                    messages.add("one");
                    return !paused.get();
                }
            };
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitMessage();
            // The peer is stuck when what it wrote stays the same while it wants to write more.
            await().atMost(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)
                    .pollInterval(500, TimeUnit.MILLISECONDS)
                    .until(written::get, new Same()::asBefore);
            assertThat(written.get()).isLessThan(total);
            assertThat(received).hasValue(60_000);
            paused.set(false);
            connection.demand();
            assertThat(recorder.awaitClosed().code()).isEqualTo(1000);
            assertThat(received).hasValueGreaterThanOrEqualTo(total);
        }
    }

    private static final class Same {
        private long before = -1;

        boolean asBefore(long now) {
            boolean same = now == before;
            before = now;
            return same;
        }
    }

    @Test
    void aFloodOf200000MessagesArrivesInOrderWhileOthersAreServed() throws Exception {
        int count = 200_000;
        CountDownLatch flooding = new CountDownLatch(1);
        try (ScriptedServer flood = new ScriptedServer(peer -> {
                    peer.upgrade();
                    java.io.ByteArrayOutputStream batch = new java.io.ByteArrayOutputStream();
                    for (int i = 0; i < count; i++) {
                        batch.writeBytes(Peer.frame(
                                0x81, ("{\"seq\":" + i + ",\"pad\":\"" + "x".repeat(i % 300) + "\"}").getBytes()));
                        if (batch.size() > 100_000) {
                            peer.raw(batch.toByteArray());
                            batch.reset();
                            flooding.countDown();
                        }
                    }
                    peer.raw(batch.toByteArray());
                    peer.sendClose(1000, "");
                    peer.readToEnd();
                });
                ScriptedServer other = new ScriptedServer(peer -> {
                    peer.upgrade();
                    while (true) {
                        Peer.Received frame = peer.read();
                        peer.text(frame.text());
                    }
                })) {
            AtomicInteger next = new AtomicInteger();
            Recorder flooded = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    String seq = "{\"seq\":" + next.get() + ",";
                    for (int i = 0; i < seq.length(); i++) {
                        if (payload.get(payload.position() + i) != seq.charAt(i)) {
                            violations.add("expected " + seq);
                            return true;
                        }
                    }
                    next.incrementAndGet();
                    return true;
                }
            };
            Recorder echoed = new Recorder();
            TransportConnection echo = transport.connect(Requests.to(other.uri()), echoed);
            echoed.awaitOpen();
            transport.connect(Requests.to(flood.uri()), flooded);
            assertThat(flooding.await(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 10; i++) {
                echo.send(true, Requests.utf8("e" + i), TransportConnection.SendCallback.NONE);
                assertThat(echoed.awaitMessage()).isEqualTo("e" + i);
            }
            assertThat(flooded.awaitClosed().code()).isEqualTo(1000);
            assertThat(next).hasValue(count);
        }
    }

    @Test
    void aFloodOfPingsFromAPeerThatDoesNotReadIsHeldBack() throws Exception {
        AtomicInteger written = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            byte[] pings = new byte[0];
            byte[] ping = Peer.frame(0x89, new byte[125]);
            for (int i = 0; i < 100; i++) {
                pings = Peer.join(pings, ping);
            }
            while (true) {
                peer.raw(pings);
                written.addAndGet(100);
            }
        })) {
            AtomicInteger answered = new AtomicInteger();
            Recorder recorder = new Recorder() {
                @Override
                public void onPing(ByteBuffer payload, long receivedNanos) {
                    answered.incrementAndGet();
                }
            };
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            await().atMost(60, TimeUnit.SECONDS)
                    .pollInterval(500, TimeUnit.MILLISECONDS)
                    .until(() -> (long) written.get(), new Same()::asBefore);
            assertThat(answered).hasPositiveValue();
            connection.abort();
        }
    }

    // afterReadPass

    @Test
    void whatWasReadableComesBeforeTheTaskThoughTheSelectorIsBlockedByAnother() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
        try (ScriptedServer server = keeping(peers)) {
            Recorder blocker = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    blocked.countDown();
                    awaitQuietly(release);
                    return true;
                }
            };
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            Peer peer = peers.take();
            transport.connect(Requests.to(server.uri()), blocker);
            blocker.awaitOpen();
            Peer blockersPeer = peers.take();
            blockersPeer.text("block");
            assertThat(blocked.await(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            List<String> order = passWithMessages(connection, peer, recorder);
            assertThat(order).containsExactly("m0", "m1", "m2", "task");
            release.countDown();
            peer.text("after");
            assertThat(recorder.awaitMessage()).isEqualTo("after");
        }
    }

    /** Sends three messages, waits until the kernel has them, and asks for a pass. */
    private List<String> passWithMessages(TransportConnection connection, Peer peer, Recorder recorder)
            throws Exception {
        for (int i = 0; i < 3; i++) {
            peer.text("m" + i);
        }
        loopback.round();
        CompletableFuture<Void> ran = new CompletableFuture<>();
        connection.afterReadPass(() -> {
            recorder.messages.add("task");
            ran.complete(null);
        });
        ran.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS);
        List<String> order = new CopyOnWriteArrayList<>();
        recorder.messages.drainTo(order);
        return order;
    }

    @Test
    void whatWasReadableComesBeforeTheTaskThoughThisListenerBlocked() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
        try (ScriptedServer server = keeping(peers)) {
            Recorder recorder = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    blocked.countDown();
                    awaitQuietly(release);
                    return super.message(text, payload, receivedNanos);
                }
            };
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            Peer peer = peers.take();
            peer.text("first");
            assertThat(blocked.await(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 1000; i++) {
                peer.text("m" + i);
            }
            connection.afterReadPass(() -> recorder.messages.add("task"));
            release.countDown();
            assertThat(recorder.awaitMessage()).isEqualTo("first");
            for (int i = 0; i < 1000; i++) {
                assertThat(recorder.awaitMessage()).isEqualTo("m" + i);
            }
            assertThat(recorder.awaitMessage()).isEqualTo("task");
        }
    }

    @Test
    void theTaskRunsOnASilentConnectionOnceAndOnAThreadOfTheTransport() throws Exception {
        BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
        try (ScriptedServer server = keeping(peers)) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            for (int i = 0; i < 500; i++) {
                int number = i;
                connection.afterReadPass(() -> recorder.messages.add(
                        number + " " + Thread.currentThread().getName()));
                assertThat(recorder.awaitMessage()).startsWith(i + " holdfast-transport-");
            }
            Peer peer = peers.take();
            peer.text("still alive");
            assertThat(recorder.awaitMessage()).isEqualTo("still alive");
        }
    }

    @Test
    void messagesPrecedeTheTaskInEveryOfManyRaces() throws Exception {
        BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
        try (ScriptedServer server = keeping(peers)) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            Peer peer = peers.take();
            for (int round = 0; round < 500; round++) {
                assertThat(passWithMessages(connection, peer, recorder)).containsExactly("m0", "m1", "m2", "task");
            }
        }
    }

    @Test
    void withoutDemandTheTaskWaitsAndAfterTheEndItIsDropped() throws Exception {
        BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
        try (ScriptedServer server = keeping(peers)) {
            OneByOne recorder = new OneByOne();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            Peer peer = peers.take();
            peer.text("one");
            peer.text("two");
            assertThat(recorder.awaitMessage()).isEqualTo("one");
            connection.afterReadPass(() -> recorder.messages.add("task"));
            connection.demand();
            assertThat(recorder.awaitMessage()).isEqualTo("two");
            connection.demand();
            assertThat(recorder.awaitMessage()).isEqualTo("task");
            peer.text("three");
            assertThat(recorder.awaitMessage()).isEqualTo("three");
            connection.afterReadPass(() -> recorder.messages.add("never"));
            connection.abort();
            connection.afterReadPass(() -> recorder.messages.add("never"));
            transport.close();
            assertThat(recorder.messages).isEmpty();
        }
    }

    @Test
    void aTaskThatThrowsEndsItsConnectionOnly() throws Exception {
        BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
        try (ScriptedServer server = keeping(peers)) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            connection.afterReadPass(() -> {
                throw new IllegalStateException("oops");
            });
            assertThat(recorder.awaitClosed().code()).isEqualTo(1011);
        }
    }

    private static ScriptedServer keeping(BlockingQueue<Peer> peers) throws Exception {
        return new ScriptedServer(peer -> {
            peer.upgrade();
            peers.add(peer);
            peer.readToEnd();
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
