// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static io.holdfast.transport.jetty.Peer.CONTINUATION;
import static io.holdfast.transport.jetty.Peer.TEXT;

import io.holdfast.api.transport.FrameEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Group 6 of the list in {@link ConformanceTest}: UTF-8. */
@ParameterizedClass
@EnumSource(FrameEngine.class)
class ConformanceUtf8Test {
    private static final int FIN = 0x80;
    private static final byte[] KOSME = "\u03ba\u1f79\u03c3\u03bc\u03b5".getBytes(StandardCharsets.UTF_8);

    private final EngineTransport transport;

    ConformanceUtf8Test(FrameEngine engine) {
        transport = new EngineTransport(engine, new JettyTransport());
    }

    @AfterEach
    void stop() {
        transport.close();
    }

    @ParameterizedTest
    @MethodSource({"fragments", "sequences"})
    void utf8(Exchange exchange) throws Exception {
        exchange.run(transport);
    }

    static List<Exchange> fragments() {
        byte[] text = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!".getBytes(StandardCharsets.UTF_8);
        byte[] invalid = Peer.join(KOSME, hex("eda080"), "edited".getBytes());
        byte[] beyond = Peer.join(KOSME, hex("f4908080"), "edited".getBytes());
        List<Exchange> cases = new ArrayList<>(List.of(
                new Exchange("6.1.1 empty text").echoed(TEXT),
                new Exchange("6.1.2 three empty fragments")
                        .frame(TEXT)
                        .frame(CONTINUATION)
                        .frame(FIN | CONTINUATION)
                        .comesBack(TEXT),
                new Exchange("6.1.3 a text between empty fragments")
                        .frame(TEXT)
                        .frame(CONTINUATION, text)
                        .frame(FIN | CONTINUATION)
                        .comesBack(TEXT, text),
                new Exchange("6.2.1 in one frame").echoed(TEXT, text),
                new Exchange("6.2.2 in two fragments")
                        .raw(ConformanceTest.fragments(TEXT, text, 12))
                        .comesBack(TEXT, text),
                new Exchange("6.2.3 a fragment for each byte")
                        .raw(ConformanceTest.fragments(TEXT, text, 1))
                        .comesBack(TEXT, text),
                new Exchange("6.2.4 characters of two and three bytes, a fragment for each byte")
                        .raw(ConformanceTest.fragments(TEXT, KOSME, 1))
                        .comesBack(TEXT, KOSME),
                new Exchange("6.3.1 invalid in one frame")
                        .frame(FIN | TEXT, invalid)
                        .fails(1007),
                new Exchange("6.3.2 invalid, a fragment for each byte")
                        .raw(ConformanceTest.fragments(TEXT, invalid, 1))
                        .fails(1007)));
        // 6.4: the message never ends, so that only a reader that checks as it goes can fail it; the core engine checks
        // at the end.
        for (int split : new int[] {KOSME.length, KOSME.length + 1, KOSME.length + 2, KOSME.length + 3}) {
            cases.add(new Exchange("6.4 split at " + split + ": beyond U+10FFFF")
                    .frame(TEXT, Arrays.copyOf(beyond, split))
                    .frame(CONTINUATION, Arrays.copyOfRange(beyond, split, KOSME.length + 4))
                    .frame(FIN | CONTINUATION, Arrays.copyOfRange(beyond, KOSME.length + 4, beyond.length))
                    .fails(1007));
        }
        return cases;
    }

    /** 6.5 to 6.23: sequences right and wrong, as hexadecimal text. */
    static List<Exchange> sequences() {
        List<Exchange> cases = new ArrayList<>();
        add(cases, "6.5 truncated within a word", false, "ce", "cebae1", "cebae1bd");
        add(cases, "6.5 a word by and by", true, "ceba", "cebae1bdb9", "cebae1bdb9cf83", "cebae1bdb9cf83cebcceb5");
        add(cases, "6.6 truncated", false, "cebae1bdb9cf", "cebae1bdb9cf83ce", "cebae1bdb9cf83cebcce");
        add(cases, "6.7 first of each length", true, "00", "c280", "e0a080", "f0908080");
        add(cases, "6.8 first of five and six bytes", false, "f888808080", "fc8480808080");
        add(cases, "6.9 last of each length", true, "7f", "dfbf", "efbfbf", "f48fbfbf");
        add(cases, "6.10 last of five and six bytes", false, "f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf");
        add(cases, "6.11 borders", true, "ed9fbf", "ee8080", "efbfbd", "f48fbfbf");
        add(cases, "6.11 beyond the border", false, "f4908080");
        add(
                cases,
                "6.12 continuation bytes alone",
                false,
                "80",
                "bf",
                "80bf",
                "80bf80",
                "80bf80bf",
                "80bf80bf80",
                "80bf80bf80bf");
        add(cases, "6.13 leads alone", false, "c020c120", "e020e120", "f020f120", "f820f920", "fc20fd20");
        add(
                cases,
                "6.14 one byte missing",
                false,
                "c0",
                "e080",
                "f08080",
                "f8808080",
                "fc80808080",
                "df",
                "efbf",
                "f7bfbf",
                "fbbfbfbf",
                "fdbfbfbfbf");
        add(cases, "6.15 all of them in a row", false, "c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf");
        add(cases, "6.16 impossible bytes", false, "fe", "ff", "fefeffff");
        add(cases, "6.17 overlong", false, "c0af", "e080af", "f08080af", "f8808080af", "fc80808080af");
        add(cases, "6.18 overlong, the largest", false, "c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf");
        add(cases, "6.19 overlong NUL", false, "c080", "e08080", "f0808080", "f880808080", "fc8080808080");
        add(cases, "6.20 surrogates", false, "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf");
        add(cases, "6.21 pairs of surrogates", false, "eda080edb080", "edadbfedbfbf", "edae80edb080", "edafbfedbfbf");
        add(
                cases,
                "6.22 non-characters are characters",
                true,
                "efbfbe",
                "efbfbf",
                "f09fbfbe",
                "f09fbfbf",
                "f0afbfbe",
                "f0bfbfbf",
                "f18fbfbe",
                "f19fbfbf",
                "f1afbfbe",
                "f1bfbfbf",
                "f28fbfbe",
                "f29fbfbf",
                "f2afbfbe",
                "f2bfbfbf",
                "f38fbfbe",
                "f39fbfbf",
                "f3afbfbe",
                "f3bfbfbf",
                "f48fbfbe");
        add(cases, "6.23 specials", true, "efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd");
        return cases;
    }

    private static void add(List<Exchange> cases, String name, boolean valid, String... sequences) {
        for (String sequence : sequences) {
            byte[] bytes = hex(sequence);
            Exchange exchange = new Exchange(name + " " + sequence);
            Exchange split = new Exchange(name + " " + sequence + " in fragments of a byte").inPieces(2);
            split.raw(ConformanceTest.fragments(TEXT, bytes, 1));
            cases.add(
                    valid
                            ? exchange.echoed(TEXT, bytes)
                            : exchange.frame(FIN | TEXT, bytes).fails(1007));
            cases.add(valid ? split.comesBack(TEXT, bytes) : split.fails(1007));
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
