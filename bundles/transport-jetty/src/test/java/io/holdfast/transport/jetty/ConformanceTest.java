// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static io.holdfast.transport.jetty.Peer.BINARY;
import static io.holdfast.transport.jetty.Peer.CLOSE;
import static io.holdfast.transport.jetty.Peer.CONTINUATION;
import static io.holdfast.transport.jetty.Peer.PING;
import static io.holdfast.transport.jetty.Peer.PONG;
import static io.holdfast.transport.jetty.Peer.TEXT;

import io.holdfast.api.transport.FrameEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RFC 6455 on both engines, group by group as the Autobahn testsuite's published list has them: 1 framing, 2 pings and pongs,
 * 3 reserved bits, 4 opcodes, 5 fragmentation, 10 miscellaneous. 6 is {@link ConformanceUtf8Test}, 7 {@link ConformanceCloseTest},
 * 9 {@link ConformanceLimitsTest}, 12 and 13 {@link ConformanceCompressionTest}.
 */
@ParameterizedClass
@EnumSource(FrameEngine.class)
class ConformanceTest {
    private static final int FIN = 0x80;

    private final EngineTransport transport;

    ConformanceTest(FrameEngine engine) {
        transport = new EngineTransport(engine, new JettyTransport());
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @ParameterizedTest
    @MethodSource({"framing", "pingsAndPongs", "reservedBits", "opcodes", "fragmentation", "miscellaneous"})
    void rfc6455(Exchange exchange) throws Exception {
        exchange.run(transport);
    }

    static List<Exchange> framing() {
        List<Exchange> cases = new ArrayList<>();
        int[] sizes = {0, 125, 126, 127, 128, 65_535, 65_536};
        for (int opCode : new int[] {TEXT, BINARY}) {
            for (int i = 0; i < sizes.length; i++) {
                cases.add(new Exchange("1." + opCode + "." + (i + 1) + " " + sizes[i] + " bytes")
                        .echoed(opCode, stars(sizes[i])));
            }
            cases.add(new Exchange("1." + opCode + ".8 65536 bytes in pieces of 997")
                    .inPieces(997)
                    .echoed(opCode, stars(65_536)));
        }
        return cases;
    }

    static List<Exchange> pingsAndPongs() {
        byte[] binary = {0, (byte) 0xff, (byte) 0xfe, (byte) 0xfd, 0, (byte) 0xff};
        Exchange ten = new Exchange("2.10 ten pings");
        Exchange tenInPieces = new Exchange("2.11 ten pings byte by byte").inPieces(1);
        for (int i = 0; i < 10; i++) {
            ten.frame(FIN | PING, "payload-" + i).comesBack(PONG, "payload-" + i);
            tenInPieces.frame(FIN | PING, "payload-" + i).comesBack(PONG, "payload-" + i);
        }
        return List.of(
                new Exchange("2.1 ping without payload").frame(FIN | PING).comesBack(PONG),
                new Exchange("2.2 ping with text")
                        .frame(FIN | PING, "Hello, world!")
                        .comesBack(PONG, "Hello, world!"),
                new Exchange("2.3 ping with binary").frame(FIN | PING, binary).comesBack(PONG, binary),
                new Exchange("2.4 ping of 125 bytes")
                        .frame(FIN | PING, stars(125))
                        .comesBack(PONG, stars(125)),
                new Exchange("2.5 ping of 126 bytes")
                        .frame(FIN | PING, stars(126))
                        .fails(1002),
                new Exchange("2.6 ping of 125 bytes byte by byte")
                        .inPieces(1)
                        .frame(FIN | PING, stars(125))
                        .comesBack(PONG, stars(125)),
                new Exchange("2.7 unasked pong without payload").frame(FIN | PONG),
                new Exchange("2.8 unasked pong with payload").frame(FIN | PONG, "unasked"),
                new Exchange("2.9 unasked pong, then ping")
                        .frame(FIN | PONG, "unasked")
                        .frame(FIN | PING, "p")
                        .comesBack(PONG, "p"),
                ten,
                tenInPieces);
    }

    static List<Exchange> reservedBits() {
        return List.of(
                new Exchange("3.1 RSV 1").frame(FIN | 0x10 | TEXT, "x").fails(1002),
                new Exchange("3.2 text, then RSV 2")
                        .echoed(TEXT, stars(5))
                        .frame(FIN | 0x20 | TEXT, "x")
                        .fails(1002),
                new Exchange("3.3 text, then RSV 3, in pieces")
                        .inPieces(7)
                        .echoed(TEXT, stars(5))
                        .frame(FIN | 0x30 | TEXT, "x")
                        .fails(1002),
                new Exchange("3.4 text, then RSV 4, byte by byte")
                        .inPieces(1)
                        .echoed(TEXT, stars(5))
                        .frame(FIN | 0x40 | TEXT, "x")
                        .fails(1002),
                new Exchange("3.5 binary with RSV 5")
                        .frame(FIN | 0x50 | BINARY, stars(8))
                        .fails(1002),
                new Exchange("3.6 ping with RSV 6")
                        .frame(FIN | 0x60 | PING, "x")
                        .fails(1002),
                new Exchange("3.7 close with RSV 7").frame(FIN | 0x70 | CLOSE).fails(1002));
    }

    static List<Exchange> opcodes() {
        List<Exchange> cases = new ArrayList<>();
        int[] reserved = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};
        for (int i = 0; i < reserved.length; i++) {
            String number = "4." + (i / 5 + 1) + "." + (i % 5 + 1) + " opcode " + reserved[i];
            cases.add(new Exchange(number).frame(FIN | reserved[i]).fails(1002));
            cases.add(new Exchange(number + " with payload, after a text, then a ping")
                    .echoed(TEXT, stars(5))
                    .frame(FIN | reserved[i], "payload")
                    .frame(FIN | PING)
                    .fails(1002));
            cases.add(new Exchange(number + " byte by byte")
                    .inPieces(1)
                    .frame(FIN | reserved[i], "payload")
                    .fails(1002));
        }
        return cases;
    }

    static List<Exchange> fragmentation() {
        List<Exchange> cases = new ArrayList<>();
        cases.add(new Exchange("5.1 ping in two fragments")
                .frame(PING, "a")
                .frame(FIN | CONTINUATION, "b")
                .fails(1002));
        cases.add(new Exchange("5.2 pong in two fragments")
                .frame(PONG, "a")
                .frame(FIN | CONTINUATION, "b")
                .fails(1002));
        // The same in frames, in pieces, and byte by byte, as the list has them.
        int[] pieces = {Integer.MAX_VALUE, 3, 1};
        for (int i = 0; i < 3; i++) {
            cases.add(new Exchange("5." + (3 + i) + " text in two fragments")
                    .inPieces(pieces[i])
                    .frame(TEXT, "fragment1")
                    .frame(FIN | CONTINUATION, "fragment2")
                    .comesBack(TEXT, "fragment1fragment2"));
            cases.add(new Exchange("5." + (6 + i) + " a ping between two fragments")
                    .inPieces(pieces[i])
                    .frame(TEXT, "fragment1")
                    .frame(FIN | PING, "ping")
                    .frame(FIN | CONTINUATION, "fragment2")
                    .comesBack(PONG, "ping")
                    .comesBack(TEXT, "fragment1fragment2"));
            cases.add(new Exchange("5." + (9 + i) + " continuation of nothing")
                    .inPieces(pieces[i])
                    .frame(FIN | CONTINUATION, "nothing")
                    .frame(FIN | TEXT, "x")
                    .fails(1002));
            cases.add(new Exchange("5." + (12 + i) + " unfinished continuation of nothing")
                    .inPieces(pieces[i])
                    .frame(CONTINUATION, "nothing")
                    .frame(FIN | TEXT, "x")
                    .fails(1002));
        }
        cases.add(new Exchange("5.15 a message, then a continuation of nothing")
                .frame(TEXT, "1")
                .frame(FIN | CONTINUATION, "2")
                .comesBack(TEXT, "12")
                .frame(CONTINUATION, "3")
                .frame(FIN | TEXT, "x")
                .fails(1002));
        cases.add(new Exchange("5.16 a continuation of nothing before a message")
                .frame(CONTINUATION, "0")
                .frame(TEXT, "1")
                .frame(FIN | CONTINUATION, "2")
                .fails(1002));
        cases.add(new Exchange("5.17 the last continuation of nothing before a message")
                .frame(FIN | CONTINUATION, "0")
                .frame(TEXT, "1")
                .frame(FIN | CONTINUATION, "2")
                .fails(1002));
        cases.add(new Exchange("5.18 a message within another")
                .frame(TEXT, "1")
                .frame(FIN | TEXT, "2")
                .fails(1002));
        for (int piece : new int[] {Integer.MAX_VALUE, 1}) {
            cases.add(new Exchange(piece == 1 ? "5.20 byte by byte" : "5.19 five fragments with pings between")
                    .inPieces(piece)
                    .frame(TEXT, "1")
                    .frame(CONTINUATION, "2")
                    .frame(FIN | PING, "a")
                    .comesBack(PONG, "a")
                    .frame(CONTINUATION, "3")
                    .frame(CONTINUATION, "4")
                    .frame(FIN | PING, "b")
                    .comesBack(PONG, "b")
                    .frame(FIN | CONTINUATION, "5")
                    .comesBack(TEXT, "12345"));
        }
        return cases;
    }

    static List<Exchange> miscellaneous() {
        return List.of(new Exchange("10.1.1 a message of 65536 bytes in fragments of 1300 is echoed in one frame")
                .raw(fragments(TEXT, stars(65_536), 1300))
                .comesBack(TEXT, stars(65_536)));
    }

    static byte[] fragments(int opCode, byte[] message, int size) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (int from = 0; from < message.length; from += size) {
            int to = Math.min(message.length, from + size);
            int first = (from == 0 ? opCode : CONTINUATION) | (to == message.length ? FIN : 0);
            out.writeBytes(Peer.frame(first, java.util.Arrays.copyOfRange(message, from, to)));
        }
        return out.toByteArray();
    }

    static byte[] stars(int count) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, (byte) '*');
        return bytes;
    }
}
