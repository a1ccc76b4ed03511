// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static io.holdfast.transport.jetty.Peer.BINARY;
import static io.holdfast.transport.jetty.Peer.CLOSE;
import static io.holdfast.transport.jetty.Peer.CONTINUATION;
import static io.holdfast.transport.jetty.Peer.PING;
import static io.holdfast.transport.jetty.Peer.TEXT;

import io.holdfast.api.transport.FrameEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Group 7 of the list in {@link ConformanceTest}: closing. */
@ParameterizedClass
@EnumSource(FrameEngine.class)
class ConformanceCloseTest {
    private static final int FIN = 0x80;

    private final EngineTransport transport;

    ConformanceCloseTest(FrameEngine engine) {
        transport = new EngineTransport(engine, new JettyTransport());
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @ParameterizedTest
    @MethodSource({"order", "payloads", "codes"})
    void closing(Exchange exchange) throws Exception {
        exchange.run(transport);
    }

    static List<Exchange> order() {
        byte[] normal = Peer.closePayload(1000, "");
        return List.of(
                new Exchange("7.1.1 a message, then close")
                        .echoed(TEXT, "Hello".getBytes())
                        .frame(FIN | CLOSE, normal)
                        .isClosedWith(1000),
                new Exchange("7.1.2 close twice")
                        .frame(FIN | CLOSE, normal)
                        .frame(FIN | CLOSE, normal)
                        .isClosedWith(1000),
                new Exchange("7.1.3 no pong after close")
                        .frame(FIN | CLOSE, normal)
                        .frame(FIN | PING)
                        .isClosedWith(1000),
                new Exchange("7.1.4 no echo after close")
                        .frame(FIN | CLOSE, normal)
                        .frame(FIN | TEXT, "late")
                        .isClosedWith(1000),
                new Exchange("7.1.5 close between fragments")
                        .frame(TEXT, "1")
                        .frame(FIN | CLOSE, normal)
                        .frame(FIN | CONTINUATION, "2")
                        .isClosedWith(1000),
                new Exchange("7.1.6 close after 256 kB")
                        .echoed(BINARY, new byte[256 << 10])
                        .frame(FIN | CLOSE, normal)
                        .isClosedWith(1000));
    }

    static List<Exchange> payloads() {
        return List.of(
                new Exchange("7.3.1 without payload").frame(FIN | CLOSE).isClosedWith(1005),
                new Exchange("7.3.2 one byte").frame(FIN | CLOSE, (byte) 'a').fails(1002),
                new Exchange("7.3.3 a code")
                        .frame(FIN | CLOSE, Peer.closePayload(1000, ""))
                        .isClosedWith(1000),
                new Exchange("7.3.4 code and reason")
                        .frame(FIN | CLOSE, Peer.closePayload(1000, "Hello"))
                        .isClosedWith(1000),
                new Exchange("7.3.5 the longest reason")
                        .frame(FIN | CLOSE, Peer.closePayload(1000, "*".repeat(123)))
                        .isClosedWith(1000),
                new Exchange("7.3.6 too long a reason")
                        .frame(FIN | CLOSE, Peer.closePayload(1000, "*".repeat(124)))
                        .fails(1002),
                new Exchange("7.5.1 a reason that is not UTF-8")
                        .frame(FIN | CLOSE, Peer.join(Peer.closePayload(1000, "x"), new byte[] {
                            (byte) 0xed, (byte) 0xa0, (byte) 0x80
                        }))
                        .fails(1007),
                new Exchange("7.5 byte by byte")
                        .inPieces(1)
                        .frame(FIN | CLOSE, Peer.closePayload(3000, "Hello"))
                        .isClosedWith(3000));
    }

    static List<Exchange> codes() {
        List<Exchange> cases = new ArrayList<>();
        for (int code : new int[] {
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999
        }) {
            cases.add(new Exchange("7.7 code " + code)
                    .frame(FIN | CLOSE, Peer.closePayload(code, ""))
                    .isClosedWith(code));
        }
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535}) {
            cases.add(new Exchange("7.9 and 7.13 code " + code)
                    .frame(FIN | CLOSE, Peer.closePayload(code, ""))
                    .fails(1002));
        }
        return cases;
    }
}
