// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.FrameEngine;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Good messages that come in the same bytes behind what ends a connection are not delivered, whatever ends it. */
@ParameterizedClass
@EnumSource(FrameEngine.class)
class AfterTheEndTest {
    private static final int FIN = 0x80;
    private static final byte[] GOOD = Peer.frame(FIN | Peer.TEXT, "good".getBytes(StandardCharsets.UTF_8));

    private final EngineTransport transport;

    AfterTheEndTest(FrameEngine engine) {
        transport = new EngineTransport(engine, new JettyTransport());
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    /** What ends the connection, and how. */
    private enum End {
        CLOSED(CloseInfo.Kind.HANDSHAKE, 1000, Peer.frame(FIN | Peer.CLOSE, Peer.closePayload(1000, ""))),
        MASKED_TEXT(
                CloseInfo.Kind.PROTOCOL,
                1002,
                (byte) (FIN | Peer.TEXT),
                (byte) 0x81,
                (byte) 1,
                (byte) 2,
                (byte) 3,
                (byte) 4,
                (byte) 'x'),
        MASKED_PING(
                CloseInfo.Kind.PROTOCOL,
                1002,
                (byte) (FIN | Peer.PING),
                (byte) 0x80,
                (byte) 1,
                (byte) 2,
                (byte) 3,
                (byte) 4),
        RESERVED_BIT(CloseInfo.Kind.PROTOCOL, 1002, Peer.frame(FIN | 0x40 | Peer.TEXT, new byte[] {'x'})),
        RESERVED_BIT_OF_A_PING(CloseInfo.Kind.PROTOCOL, 1002, Peer.frame(FIN | 0x10 | Peer.PING, new byte[0])),
        TEXT_WITHIN_FRAGMENTS(
                CloseInfo.Kind.PROTOCOL,
                1002,
                Peer.join(Peer.frame(Peer.TEXT, new byte[] {'x'}), Peer.frame(FIN | Peer.TEXT, new byte[] {'y'}))),
        CONTINUATION_OF_NOTHING(CloseInfo.Kind.PROTOCOL, 1002, Peer.frame(FIN | Peer.CONTINUATION, new byte[] {'x'})),
        NOT_UTF_8(CloseInfo.Kind.PROTOCOL, 1007, Peer.frame(FIN | Peer.TEXT, new byte[] {(byte) 0xff})),
        TOO_LARGE(CloseInfo.Kind.PROTOCOL, 1009, Peer.frame(FIN | Peer.TEXT, new byte[101]));

        private final CloseInfo.Kind kind;
        private final int code;
        private final byte[] bytes;

        End(CloseInfo.Kind kind, int code, byte... bytes) {
            this.kind = kind;
            this.code = code;
            this.bytes = bytes;
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void nothingIsDelivered(End end) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.upgrade();
            peer.raw(Peer.join(Peer.join(GOOD, end.bytes), Peer.join(GOOD, GOOD)));
            peer.readToEnd();
        })) {
            Recorder recorder = new Recorder();
            transport.connect(Requests.withMaxMessage(server.uri(), 100), recorder);
            CloseInfo info = recorder.awaitClosed();
            assertThat(info.kind()).isEqualTo(end.kind);
            assertThat(info.code()).isEqualTo(end.code);
            assertThat(recorder.messages).containsExactly("good");
        }
    }
}
