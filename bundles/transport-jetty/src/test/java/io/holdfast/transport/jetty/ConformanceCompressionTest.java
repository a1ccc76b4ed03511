// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static io.holdfast.transport.jetty.Peer.BINARY;
import static io.holdfast.transport.jetty.Peer.CONTINUATION;
import static io.holdfast.transport.jetty.Peer.PING;
import static io.holdfast.transport.jetty.Peer.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.FrameEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Groups 12 and 13 of the list in {@link ConformanceTest}: permessage-deflate (RFC 7692). The direct engine offers it where the
 * client wants it, the core engine never does.
 */
class ConformanceCompressionTest {
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;

    private final JettyTransport transport = new JettyTransport();

    @AfterEach
    void stop() {
        transport.close();
    }

    /** The server's side: what a compressor flushes, without the four bytes at its end. */
    private static final class Compressor {
        private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        private final boolean takeover;

        Compressor(boolean takeover) {
            this.takeover = takeover;
        }

        byte[] compress(byte[] message) {
            deflater.setInput(message);
            byte[] chunk = new byte[8192];
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int made;
            do {
                made = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
                out.write(chunk, 0, made);
            } while (made == chunk.length);
            if (!takeover) {
                deflater.reset();
            }
            byte[] all = out.toByteArray();
            if (all.length == 0) {
                // Nothing to flush twice: an empty message is an empty block (RFC 7692, 7.2.3.6).
                return new byte[1];
            }
            return Arrays.copyOf(all, all.length - 4);
        }
    }

    private Recorder connect(URI uri, FrameEngine engine, int max) {
        Recorder recorder = new Recorder();
        transport.connect(Requests.withMaxMessage(uri, max).with(engine, true), recorder);
        return recorder;
    }

    private static ScriptedServer server(String answer, ScriptedServer.Script then) throws IOException {
        return new ScriptedServer(peer -> {
            peer.readRequest();
            peer.raw(peer.answer("Sec-WebSocket-Extensions: " + answer + "\r\n"));
            then.play(peer);
        });
    }

    /** 12.x: sizes and kinds of content; 13.x: the parameters that a server may answer with. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=15",
                "permessage-deflate;server_max_window_bits=\"9\"; client_no_context_takeover"
            })
    void group12And13MessagesOfEverySizeAreInflated(String answer) throws Exception {
        int[] sizes = {0, 1, 16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072};
        byte[][] sent = messages(sizes);
        CompletableFuture<Void> played = new CompletableFuture<>();
        try (ScriptedServer server = server(answer, peer -> {
            // A window of 512 bytes cannot be had from the JDK; what it makes without context fits as little as any.
            Compressor compressor = new Compressor(!answer.contains("server_no"));
            // Each twice: compressed, then plain.
            for (byte[] message : sent) {
                peer.send(FIN | RSV1 | BINARY, compressor.compress(message));
                peer.send(FIN | BINARY, message);
            }
            peer.sendClose(1000, "");
            peer.read();
            played.complete(null);
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder() {
                private int next;

                @Override
                boolean message(boolean text, java.nio.ByteBuffer payload, long receivedNanos) {
                    byte[] copy = new byte[payload.remaining()];
                    payload.get(payload.position(), copy);
                    this.messages.add(Arrays.equals(copy, sent[next / 2]) ? "same" : "different at " + next);
                    next++;
                    return true;
                }
            };
            transport.connect(Requests.to(server.uri()).with(FrameEngine.DIRECT, true), recorder);
            assertThat(recorder.awaitClosed().code()).isEqualTo(1000);
            assertThat(recorder.messages).hasSize(2 * sizes.length * 3).containsOnly("same");
            played.get(Recorder.LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static byte[][] messages(int[] sizes) {
        Random random = new Random(7);
        byte[][] messages = new byte[sizes.length * 3][];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = content(i % 3, sizes[i / 3], random);
        }
        return messages;
    }

    private static byte[] content(int kind, int size, Random random) {
        byte[] bytes = new byte[size];
        if (kind == 1) {
            random.nextBytes(bytes);
        } else if (kind == 2) {
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) ("{\"price\":".charAt(i % 9) + random.nextInt(2));
            }
        }
        return bytes;
    }

    @Test
    void group12FragmentsAndPieces() throws Exception {
        byte[] text = "a fragmented \u20ac message, a fragmented \u20ac message".getBytes(StandardCharsets.UTF_8);
        try (ScriptedServer server = server("permessage-deflate", peer -> {
            Compressor compressor = new Compressor(true);
            byte[] first = compressor.compress(text);
            peer.send(RSV1 | TEXT, Arrays.copyOf(first, 5));
            peer.send(FIN | PING, (byte) 'p');
            peer.send(CONTINUATION);
            peer.send(FIN | CONTINUATION, Arrays.copyOfRange(first, 5, first.length));
            for (byte b : Peer.frame(FIN | RSV1 | TEXT, compressor.compress(text))) {
                peer.raw(b);
            }
            // RFC 7692, 7.2.3.4: a block marked as the last, and the beginning of an empty one.
            peer.send(
                    FIN | RSV1 | TEXT,
                    (byte) 0xf3,
                    (byte) 0x48,
                    (byte) 0xcd,
                    (byte) 0xc9,
                    (byte) 0xc9,
                    (byte) 0x07,
                    (byte) 0,
                    (byte) 0);
            // 7.2.3.3: a stored block.
            peer.send(
                    FIN | RSV1 | TEXT,
                    (byte) 0,
                    (byte) 5,
                    (byte) 0,
                    (byte) 0xfa,
                    (byte) 0xff,
                    (byte) 'H',
                    (byte) 'e',
                    (byte) 'l',
                    (byte) 'l',
                    (byte) 'o',
                    (byte) 0);
            peer.readToEnd();
        })) {
            Recorder recorder = connect(server.uri(), FrameEngine.DIRECT, 1 << 20);
            String expected = new String(text, StandardCharsets.UTF_8);
            assertThat(recorder.awaitMessage()).isEqualTo(expected);
            assertThat(recorder.awaitMessage()).isEqualTo(expected);
            assertThat(recorder.awaitMessage()).isEqualTo("Hello");
            assertThat(recorder.awaitMessage()).isEqualTo("Hello");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "continuation with RSV1, 1002",
        "ping with RSV1, 1002",
        "garbage, 1007",
        "text not UTF-8, 1007",
        "too large, 1009",
        "too large by a byte, 1009",
        "ratio, 1009"
    })
    void violationsFailTheConnection(String what, int code) throws Exception {
        try (ScriptedServer server = server("permessage-deflate", peer -> {
            Compressor compressor = new Compressor(false);
            try {
                switch (what) {
                    case "continuation with RSV1" -> {
                        peer.send(RSV1 | TEXT, compressor.compress(new byte[0]));
                        peer.send(FIN | RSV1 | CONTINUATION, (byte) 0);
                    }
                    case "ping with RSV1" -> peer.send(FIN | RSV1 | PING);
                    case "garbage" -> peer.send(FIN | RSV1 | BINARY, (byte) 0xff, (byte) 0xff, (byte) 0xff);
                    case "text not UTF-8" ->
                        peer.send(FIN | RSV1 | TEXT, compressor.compress(new byte[] {'a', (byte) 0xff}));
                    case "too large" ->
                        peer.send(FIN | RSV1 | BINARY, compressor.compress(FramesTest.pattern(9 << 20)));
                    case "too large by a byte" ->
                        peer.send(FIN | RSV1 | BINARY, compressor.compress(FramesTest.pattern((4 << 20) + 1)));
                    default -> peer.send(FIN | RSV1 | BINARY, compressor.compress(new byte[3 << 20]));
                }
            } catch (IOException e) {
                // A client that has seen enough closes before it has read all.
            }
            peer.readToEnd();
        })) {
            Recorder recorder = connect(server.uri(), FrameEngine.DIRECT, 4 << 20);
            CloseInfo info = recorder.awaitClosed();
            assertThat(info.kind()).isEqualTo(CloseInfo.Kind.PROTOCOL);
            assertThat(info.code()).isEqualTo(code);
            assertThat(recorder.messages).isEmpty();
        }
    }

    @Test
    void aMessageOfExactlyTheLargestSizeIsTaken() throws Exception {
        try (ScriptedServer server = server("permessage-deflate", peer -> {
            peer.send(FIN | RSV1 | BINARY, new Compressor(true).compress(FramesTest.pattern(70_000)));
            peer.readToEnd();
        })) {
            assertThat(connect(server.uri(), FrameEngine.DIRECT, 70_000).awaitMessage())
                    .startsWith("binary:");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; client_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; strange",
                "permessage-deflate, permessage-deflate",
                "x-webkit-deflate-frame"
            })
    void group13AnswersThatWereNotOfferedAreRefused(String answer) throws Exception {
        try (ScriptedServer server = server(answer, Peer::readToEnd)) {
            ConnectFailure failure =
                    connect(server.uri(), FrameEngine.DIRECT, 1 << 20).awaitFailed();
            assertThat(failure.kind()).isEqualTo(ConnectFailure.Kind.PROTOCOL);
            assertThat(failure.message()).contains("extension");
        }
    }

    @Test
    void onlyTheDirectEngineOffersItAndOnlyOnDemand() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            request.complete(peer.readRequest());
            peer.raw(peer.answer(""));
            // Declined: nothing may be compressed then.
            peer.send(FIN | RSV1 | TEXT, (byte) 0);
            peer.readToEnd();
        })) {
            assertThat(connect(server.uri(), FrameEngine.DIRECT, 1 << 20)
                            .awaitClosed()
                            .code())
                    .isEqualTo(1002);
            assertThat(request.get()).contains("Sec-WebSocket-Extensions: permessage-deflate\r\n");
        }
        for (FrameEngine engine : FrameEngine.values()) {
            CompletableFuture<String> other = new CompletableFuture<>();
            try (ScriptedServer server = new ScriptedServer(peer -> {
                other.complete(peer.readRequest());
                peer.raw(peer.answer("Sec-WebSocket-Extensions: permessage-deflate\r\n"));
                peer.readToEnd();
            })) {
                Recorder recorder = new Recorder();
                transport.connect(Requests.to(server.uri()).with(engine, engine == FrameEngine.CORE), recorder);
                assertThat(recorder.awaitFailed().kind()).isEqualTo(ConnectFailure.Kind.PROTOCOL);
                assertThat(other.get()).doesNotContain("Sec-WebSocket-Extensions");
            }
        }
    }
}
