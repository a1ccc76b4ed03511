// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One case of a conformance suite: what a server sends, to a client that echoes every message, and what must come back. A case
 * that is to go well ends with the server's closing frame (1000), one that is not with the client's, with that code.
 */
final class Exchange {
    private record Expected(int opCode, byte[] payload) {}

    private static final int LIMIT_SECONDS = 120;

    private final String name;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final List<Expected> expected = new ArrayList<>();
    private int piece = Integer.MAX_VALUE;
    private int endCode = 1000;
    private boolean fails;
    private boolean closesItself;

    Exchange(String name) {
        this.name = name;
    }

    /** Sends the bytes so many at a time. */
    Exchange inPieces(int bytes) {
        piece = bytes;
        return this;
    }

    Exchange frame(int firstByte, byte... payload) {
        return raw(Peer.frame(firstByte, payload));
    }

    Exchange frame(int firstByte, String payload) {
        return frame(firstByte, payload.getBytes(StandardCharsets.UTF_8));
    }

    Exchange raw(byte... bytes) {
        sent.writeBytes(bytes);
        return this;
    }

    Exchange comesBack(int opCode, byte... payload) {
        expected.add(new Expected(opCode, payload));
        return this;
    }

    Exchange comesBack(int opCode, String payload) {
        return comesBack(opCode, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole message, which is echoed. */
    Exchange echoed(int opCode, byte... payload) {
        return frame(0x80 | opCode, payload).comesBack(opCode, payload);
    }

    /** The client must fail the connection. */
    Exchange fails(int code) {
        fails = true;
        endCode = code;
        return this;
    }

    /** The case's own closing frame is answered by one with this code. */
    Exchange isClosedWith(int code) {
        closesItself = true;
        endCode = code;
        return this;
    }

    void run(EngineTransport transport) throws Exception {
        CompletableFuture<Void> played = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            try {
                peer.upgrade();
                converse(peer);
                played.complete(null);
            } catch (Throwable e) {
                played.completeExceptionally(e);
            }
        })) {
            CompletableFuture<TransportConnection> self = new CompletableFuture<>();
            Recorder echo = new Recorder() {
                @Override
                boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
                    byte[] copy = new byte[payload.remaining()];
                    payload.get(payload.position(), copy);
                    self.join().send(text, ByteBuffer.wrap(copy), SendCallback.NONE);
                    return true;
                }
            };
            ConnectRequest request = Requests.withMaxMessage(server.uri(), 16 << 20);
            self.complete(transport.connect(request, echo));
            played.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            CloseInfo info = echo.awaitClosed();
            assertThat(info.kind()).isEqualTo(fails ? CloseInfo.Kind.PROTOCOL : CloseInfo.Kind.HANDSHAKE);
            assertThat(info.code()).isEqualTo(endCode);
        }
    }

    private void converse(Peer peer) throws IOException {
        CompletableFuture<Void> written = new CompletableFuture<>();
        Thread writer = new Thread(() -> write(peer, written));
        writer.setDaemon(true);
        writer.start();
        for (Expected frame : expected) {
            Peer.Received received = peer.read();
            assertThat(received.opCode()).as("opcode").isEqualTo(frame.opCode);
            if (!Arrays.equals(received.payload(), frame.payload)) {
                fail(
                        "a payload of %d bytes came back as another of %d",
                        frame.payload.length, received.payload().length);
            }
            assertThat(received.masked()).isTrue();
            assertThat(received.fin()).isTrue();
        }
        if (!fails && !closesItself) {
            written.join();
            peer.sendClose(1000, "");
        }
        Peer.Received close = peer.read();
        assertThat(close.opCode()).isEqualTo(Peer.CLOSE);
        assertThat(close.closeCode()).isEqualTo(endCode);
        peer.readToEnd();
    }

    private void write(Peer peer, CompletableFuture<Void> written) {
        byte[] bytes = sent.toByteArray();
        try {
            for (int from = 0; from < bytes.length; from += Math.min(piece, bytes.length - from)) {
                peer.raw(Arrays.copyOfRange(bytes, from, from + Math.min(piece, bytes.length - from)));
            }
            written.complete(null);
        } catch (IOException e) {
            if (fails) {
                // A client that has seen enough closes before it has read all.
                written.complete(null);
            } else {
                written.completeExceptionally(e);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
