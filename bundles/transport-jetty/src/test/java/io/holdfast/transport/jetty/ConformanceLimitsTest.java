// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static io.holdfast.transport.jetty.Peer.BINARY;
import static io.holdfast.transport.jetty.Peer.TEXT;

import io.holdfast.api.transport.FrameEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Group 9 of the list in {@link ConformanceTest}: large messages, small fragments, small pieces, many messages. No speed is asserted. */
@ParameterizedClass
@EnumSource(FrameEngine.class)
class ConformanceLimitsTest {
    private final EngineTransport transport;

    ConformanceLimitsTest(FrameEngine engine) {
        transport = new EngineTransport(engine, new JettyTransport());
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void limits(Exchange exchange) throws Exception {
        exchange.run(transport);
    }

    static List<Exchange> cases() {
        List<Exchange> cases = new ArrayList<>();
        for (int opCode : new int[] {TEXT, BINARY}) {
            for (int size : new int[] {64 << 10, 1 << 20, 16 << 20}) {
                cases.add(new Exchange("9." + opCode + " one frame of " + size + " bytes")
                        .echoed(opCode, ConformanceTest.stars(size)));
            }
            for (int size : new int[] {64, 4 << 10, 256 << 10}) {
                byte[] message = ConformanceTest.stars(1 << 20);
                cases.add(new Exchange("9." + (opCode + 2) + " 1 MiB in fragments of " + size)
                        .raw(ConformanceTest.fragments(opCode, message, size))
                        .comesBack(opCode, message));
            }
            for (int size : new int[] {64, 512, 2048}) {
                cases.add(new Exchange("9." + (opCode + 4) + " 256 kiB in pieces of " + size)
                        .inPieces(size)
                        .echoed(opCode, ConformanceTest.stars(256 << 10)));
            }
            for (int size : new int[] {0, 16, 1024, 16 << 10}) {
                Exchange many = new Exchange("9." + (opCode + 6) + " 500 messages of " + size);
                for (int i = 0; i < 500; i++) {
                    many.echoed(opCode, ConformanceTest.stars(size));
                }
                cases.add(many);
            }
        }
        return cases;
    }
}
