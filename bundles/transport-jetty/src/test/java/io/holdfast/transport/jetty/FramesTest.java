// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.FrameEngine;
import io.holdfast.api.transport.TransportConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@EnumSource(FrameEngine.class)
class FramesTest {
    private final EngineTransport transport;

    FramesTest(FrameEngine engine) {
        transport = new EngineTransport(engine, new JettyTransport());
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @Test
    void messagesOfEverySizeArriveWhole() throws Exception {
        int[] sizes = {0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 200_000, 1 << 20};
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            for (int size : sizes) {
                peer.send(0x82, pattern(size));
            }
            peer.readToEnd();
        })) {
            List<byte[]> received = new ArrayList<>();
            Recorder recorder = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    byte[] copy = new byte[payload.remaining()];
                    payload.get(copy);
                    received.add(copy);
                    messages.add("whole");
                    return true;
                }
            };
            transport.connect(Requests.to(server.uri()), recorder);
            for (int size : sizes) {
                assertThat(recorder.awaitMessage())
                        .as("message of %d bytes", size)
                        .isEqualTo("whole");
            }
            for (int i = 0; i < sizes.length; i++) {
                assertThat(received.get(i)).isEqualTo(pattern(sizes[i]));
            }
        }
    }

    @Test
    void aWholeMessageIsAViewThatIsBackedByAnArray() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.text("first");
            peer.read();
            peer.text("second");
            peer.readToEnd();
        })) {
            List<Boolean> arrays = new ArrayList<>();
            List<Long> ages = new ArrayList<>();
            Recorder recorder = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    arrays.add(payload.hasArray());
                    ages.add(System.nanoTime() - receivedNanos);
                    return super.message(text, payload, receivedNanos);
                }
            };
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitMessage()).isEqualTo("first");
            connection.send(true, Requests.utf8("next"), TransportConnection.SendCallback.NONE);
            assertThat(recorder.awaitMessage()).isEqualTo("second");
            assertThat(arrays).containsOnly(true);
            assertThat(ages).allSatisfy(age -> assertThat(age).isBetween(0L, TimeUnit.SECONDS.toNanos(30)));
        }
    }

    @Test
    void fragmentsArePutTogetherAndControlFramesPassBetweenThem() throws Exception {
        byte[] euro = "1 \u20ac".getBytes(StandardCharsets.UTF_8);
        CompletableFuture<Peer.Received> pong = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.send(Peer.TEXT, euro[0], euro[1], euro[2]);
            peer.send(0x80 | Peer.PING, (byte) 'p');
            pong.complete(peer.read());
            peer.send(Peer.CONTINUATION);
            peer.send(Peer.CONTINUATION, euro[3]);
            peer.send(0x80 | Peer.CONTINUATION, euro[4]);
            peer.send(Peer.BINARY, (byte) 'b');
            peer.send(0x80 | Peer.CONTINUATION, (byte) 'c');
            peer.text("whole");
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitMessage()).isEqualTo("1 \u20ac");
            assertThat(recorder.awaitMessage()).isEqualTo("binary:bc");
            assertThat(recorder.awaitMessage()).isEqualTo("whole");
            assertThat(pong.get().text()).isEqualTo("p");
        }
    }

    @Test
    void everyPingIsAnsweredByExactlyOnePongWithItsPayload() throws Exception {
        CompletableFuture<List<Peer.Received>> received = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.send(0x80 | Peer.PING);
            peer.send(0x80 | Peer.PING, "a".getBytes());
            peer.send(0x80 | Peer.PING, pattern(125));
            List<Peer.Received> frames = new ArrayList<>();
            // The fourth frame is the client's own message, sent after it heard of the third ping: no pong came twice.
            for (int i = 0; i < 4; i++) {
                frames.add(peer.read());
            }
            received.complete(frames);
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            await().atMost(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> recorder.pings.size() == 3);
            connection.send(true, Requests.utf8("end"), TransportConnection.SendCallback.NONE);
            List<Peer.Received> frames = received.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(frames)
                    .extracting(Peer.Received::opCode)
                    .containsExactly(Peer.PONG, Peer.PONG, Peer.PONG, Peer.TEXT);
            assertThat(frames).allMatch(Peer.Received::masked).allMatch(Peer.Received::fin);
            assertThat(frames.get(0).payload()).isEmpty();
            assertThat(frames.get(1).text()).isEqualTo("a");
            assertThat(frames.get(2).payload()).isEqualTo(pattern(125));
            assertThat(recorder.pings).startsWith("", "a");
        }
    }

    @Test
    void ownPingsAreAnsweredWithOnPong() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            Peer.Received ping = peer.read();
            peer.send(0x80 | Peer.PONG, ping.payload());
            peer.send(0x80 | Peer.PONG, "unasked".getBytes());
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(Requests.to(server.uri()), recorder);
            recorder.awaitOpen();
            connection.ping(Requests.utf8("17"), TransportConnection.SendCallback.NONE);
            assertThat(recorder.pongs.poll(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("17");
            assertThat(recorder.pongs.poll(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("unasked");
        }
    }

    static Stream<Arguments> violations() {
        byte[] masked = {(byte) 0x81, (byte) 0x81, 1, 2, 3, 4, 'x'};
        byte[] overlong = {(byte) 0xc0, (byte) 0xaf};
        byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
        byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of("masked frame", masked, 1002),
                Arguments.of("reserved opcode 3", Peer.frame(0x83, new byte[1]), 1002),
                Arguments.of("reserved opcode 11", Peer.frame(0x8b, new byte[0]), 1002),
                Arguments.of("RSV1", Peer.frame(0xc1, "x".getBytes()), 1002),
                Arguments.of("RSV2", Peer.frame(0xa1, "x".getBytes()), 1002),
                Arguments.of("RSV3 on a ping", Peer.frame(0x99, new byte[0]), 1002),
                Arguments.of("fragmented ping", Peer.frame(0x09, new byte[0]), 1002),
                Arguments.of("ping of 126 bytes", Peer.frame(0x89, new byte[126]), 1002),
                Arguments.of("continuation of nothing", Peer.frame(0x80, "x".getBytes()), 1002),
                Arguments.of(
                        "message within a message",
                        Peer.join(Peer.frame(0x01, "x".getBytes()), Peer.frame(0x81, "y".getBytes())),
                        1002),
                Arguments.of("close of one byte", Peer.frame(0x88, new byte[1]), 1002),
                Arguments.of("close with 1005", Peer.frame(0x88, Peer.closePayload(1005, "")), 1002),
                Arguments.of("close with 999", Peer.frame(0x88, Peer.closePayload(999, "")), 1002),
                Arguments.of("close with 2999", Peer.frame(0x88, Peer.closePayload(2999, "")), 1002),
                Arguments.of(
                        "close reason not UTF-8", Peer.frame(0x88, new byte[] {3, (byte) 0xe8, (byte) 0xff}), 1007),
                Arguments.of("text not UTF-8", Peer.frame(0x81, new byte[] {'a', (byte) 0xff}), 1007),
                Arguments.of("overlong text", Peer.frame(0x81, overlong), 1007),
                Arguments.of("surrogate", Peer.frame(0x81, surrogate), 1007),
                Arguments.of(
                        "text that ends within a character", Peer.frame(0x81, new byte[] {euro[0], euro[1]}), 1007),
                Arguments.of(
                        "fragments that end within a character",
                        Peer.join(Peer.frame(0x01, new byte[] {euro[0]}), Peer.frame(0x80, new byte[] {euro[1]})),
                        1007),
                Arguments.of("message of 1 MB and a byte", Peer.frame(0x82, new byte[(1 << 20) + 1]), 1009),
                Arguments.of(
                        "fragments of 1 MB and a byte",
                        Peer.join(Peer.frame(0x02, new byte[1 << 20]), Peer.frame(0x80, new byte[1])),
                        1009),
                Arguments.of("announced 2^62 bytes", new byte[] {(byte) 0x82, 127, 0x40, 0, 0, 0, 0, 0, 0, 0}, 1009));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void violationsFailTheConnection(String name, byte[] bytes, int code) throws Exception {
        CompletableFuture<Peer.Received> answer = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.text("before");
            Thread reader = new Thread(() -> {
                try {
                    answer.complete(peer.read());
                } catch (Exception e) {
                    answer.completeExceptionally(e);
                }
            });
            reader.setDaemon(true);
            reader.start();
            try {
                peer.raw(bytes);
            } catch (java.io.IOException e) {
                // A client that has seen enough closes before it has read all.
            }
            reader.join();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.to(server.uri()), recorder);
            assertThat(recorder.awaitMessage()).isEqualTo("before");
            CloseInfo info = recorder.awaitClosed();
            assertThat(info.kind()).isEqualTo(CloseInfo.Kind.PROTOCOL);
            assertThat(info.code()).isEqualTo(code);
            assertThat(info.reason()).isNotBlank();
            assertThat(recorder.messages).isEmpty();
            Peer.Received close = answer.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(close.opCode()).isEqualTo(Peer.CLOSE);
            assertThat(close.closeCode()).isEqualTo(code);
        }
    }

    @Test
    void theLimitIsForWhatComesAndNotForWhatIsSent() throws Exception {
        CompletableFuture<Peer.Received> received = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            received.complete(peer.read());
            peer.send(0x82, new byte[100]);
            peer.readToEnd();
        })) {
            ConnectRequest request = Requests.withMaxMessage(server.uri(), 100);
            Recorder recorder = new Recorder();
            TransportConnection connection = transport.connect(request, recorder);
            recorder.awaitOpen();
            connection.send(false, ByteBuffer.wrap(pattern(100_000)), TransportConnection.SendCallback.NONE);
            Peer.Received frame = received.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(frame.fin()).isTrue();
            assertThat(frame.payload()).isEqualTo(pattern(100_000));
            assertThat(recorder.awaitMessage()).startsWith("binary:");
        }
    }

    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }
}
