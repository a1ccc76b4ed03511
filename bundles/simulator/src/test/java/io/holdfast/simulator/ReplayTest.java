// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Simulator simulator = Simulator.start();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        simulator.close();
    }

    private Path recording(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines));
    }

    @Test
    void readsReceivedFramesAsTheyWereAndLazily() throws IOException {
        Path a = recording(
                "a.jsonl",
                "{\"t_ns\":1,\"dir\":\"open\",\"frame\":\"\"}",
                "{\"t_ns\":2,\"dir\":\"send\",\"frame\":\"question\"}",
                "{\"t_ns\":null,\"dir\":\"recv\",\"frame\":\"{ \\\"n\\\": 1.0002e6,\\t\\\"s\\\":\\\"\\u2603\\\" }\"}",
                "");
        Path b = recording("b.jsonl", "{\"dir\":\"http\",\"frame\":\"x\"}", "{\"dir\":\"recv\",\"frame\":\"second\"}");
        recording("c.txt", "nothing");
        assertThat(Replay.files(directory)).containsExactly(a, b);
        assertThat(Replay.files(a)).containsExactly(a);
        List<String> frames = new ArrayList<>();
        Replay.frames(Replay.files(directory)).forEachRemaining(frames::add);
        assertThat(frames).containsExactly("{ \"n\": 1.0002e6,\t\"s\":\"\u2603\" }", "second");
    }

    @Test
    void namesTheLineThatIsWrong() throws IOException {
        try (Replay replay =
                Replay.open(recording("bad.jsonl", "{\"dir\":\"recv\",\"frame\":\"a\"}", "{\"dir\":\"recv\"}"))) {
            assertThat(replay.next()).isEqualTo("a");
            assertThatThrownBy(replay::hasNext).hasMessageContaining("bad.jsonl, line 2");
        }
        assertThatThrownBy(() -> Replay.open(directory.resolve("none"))).hasMessageContaining("none");
    }

    @Test
    void playsToDeribitAfterTheSubscribeAnswer() throws Exception {
        CompletableFuture<Long> played = simulator.replay(
                "/ws/api/v2",
                () -> IntStream.range(0, 3000).mapToObj(i -> "frame " + i).iterator(),
                0);
        try (RawClient client = RawClient.open(simulator, "/ws/api/v2")) {
            assertThat(client.ask(
                            "{\"id\":1,\"method\":\"public/set_heartbeat\",\"params\":{\"interval\":10}}", "\"id\":1"))
                    .contains("ok");
            client.text("{\"id\":2,\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"ticker.X.100ms\"]}}");
            assertThat(client.frame().text()).contains("\"id\":2");
            for (int i = 0; i < 3000; i++) {
                assertThat(client.frame().text()).isEqualTo("frame " + i);
            }
            assertThat(played.get(20, TimeUnit.SECONDS)).isEqualTo(3000);
            assertThat(simulator.data().subscribers("ticker.X.100ms")).isZero();
        }
    }

    @Test
    void playsPacedToBinanceAndGeneric() throws Exception {
        simulator.replay("/stream", () -> List.of("a", "b", "c", "d", "e", "f").iterator(), 50);
        CompletableFuture<Long> generic =
                simulator.replay("/generic", () -> List.of("x").iterator(), 0);
        // From before the first, as one that is read late leaves less for the others.
        long start = System.nanoTime();
        try (RawClient client = RawClient.open(simulator, "/stream?streams=btcusdt@depth")) {
            assertThat(client.frame().text()).isEqualTo("a");
            for (String next : List.of("b", "c", "d", "e", "f")) {
                assertThat(client.frame().text()).isEqualTo(next);
            }
            assertThat(System.nanoTime() - start).isGreaterThan(50_000_000);
        }
        try (RawClient client = RawClient.open(simulator, "/generic/x")) {
            assertThat(client.frame().text()).isEqualTo("x");
            assertThat(generic.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    /** K7 */
    @Test
    void aRecordersFileIsPlayedWithItsPausesAndWithoutAnswers() throws Exception {
        String recv = ",\"client\":\"%s\",\"connection\":%d,\"dir\":\"recv\",\"kind\":\"%s\",\"frame\":\"%s\"}";
        Path file = recording(
                "frames.jsonl",
                "{\"t_ns\":1000000000" + String.format(recv, "a", 1, "text", "one"),
                "{\"t_ns\":1000000000" + String.format(recv, "b", 1, "text", "of another client"),
                "{\"t_ns\":1000000000" + String.format(recv, "a", 1, "ping", "AAAA"),
                "{\"t_ns\":1000000000" + String.format(recv, "a", 1, "text", "{\\\"id\\\":1,\\\"result\\\":{}}"),
                "{\"t_ns\":1000000000" + String.format(recv, "a", 1, "text", "{\\\"method\\\":\\\"heartbeat\\\"}"),
                "{\"t_ns\":1000000000,\"dir\":\"gap\",\"missing\":3,\"frame\":\"\"}",
                "{\"t_ns\":1500000000" + String.format(recv, "a", 2, "text", "two"),
                "{\"t_ns\":15000000");
        CompletableFuture<Long> played = simulator.replay("/generic", Recording.of(directory, "a"), 2);
        long start = System.nanoTime();
        try (RawClient client = RawClient.open(simulator, "/generic/x")) {
            assertThat(client.frame().text()).isEqualTo("one");
            assertThat(client.frame().text()).isEqualTo("two");
            assertThat(System.nanoTime() - start).as("half of 500 ms").isGreaterThan(150_000_000);
            assertThat(played.get(20, TimeUnit.SECONDS)).isEqualTo(2);
        }
        List<String> second = new ArrayList<>();
        new Recording(List.of(file), "", 2).texts().forEachRemaining(second::add);
        assertThat(second).containsExactly("two");
        assertThatThrownBy(() -> simulator.replay("/x", Recording.of(directory, "a"), 0))
                .hasMessageContaining("speed");
    }

    @Test
    void aLineThatWasCutOffBehindABraceIsLeftOut() throws Exception {
        String line = "{\"t_ns\":1,\"client\":\"a\",\"dir\":\"recv\",\"kind\":\"text\",\"frame\":\"";
        Path file =
                recording("cut.jsonl", line + "{\\\"a\\\":{}}\"}", line + "{\\\"a\\\":{}", line + "{\\\"b\\\":1}\"}");
        List<String> texts = new ArrayList<>();
        new Recording(List.of(file), "a", 0).texts().forEachRemaining(texts::add);
        assertThat(texts).containsExactly("{\"a\":{}}", "{\"b\":1}");
        Iterator<String> rubbish = new Recording(List.of(recording("rubbish.jsonl", "rubbish }")), "a", 0).texts();
        assertThatThrownBy(rubbish::hasNext).hasMessageContaining("rubbish.jsonl, line 1");
    }

    /** Wherever the process ended: the recorder goes on in the next line of the same file. */
    @Test
    void aLineThatWasCutOffAnywhereIsLeftOut() throws Exception {
        String line = "{\"t_ns\":12,\"client\":\"a\",\"dir\":\"recv\",\"kind\":\"text\",\"base64\":true,"
                + "\"frame\":\"{\\\"a\\\":{\\u0001}}\"}";
        String[] lines = IntStream.rangeClosed(1, line.length())
                .mapToObj(end -> line.substring(0, end))
                .toArray(String[]::new);
        List<String> texts = new ArrayList<>();
        new Recording(List.of(recording("cut.jsonl", lines)), "a", 0).texts().forEachRemaining(texts::add);
        assertThat(texts).containsExactly("{\"a\":{\u0001}}");
    }

    @Test
    void aLineThatWasCutOffWithinACharacterIsLeftOut() throws Exception {
        String line = "{\"t_ns\":12,\"client\":\"a\",\"dir\":\"recv\",\"kind\":\"text\",\"frame\":\"€\"}\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        byte[] cut = Arrays.copyOf(bytes, bytes.length - "€".getBytes(StandardCharsets.UTF_8).length);
        cut[cut.length - 1] = '\n';
        Path file = recording("cut.jsonl");
        Files.write(file, bytes);
        Files.write(file, cut, StandardOpenOption.APPEND);
        Files.write(file, bytes, StandardOpenOption.APPEND);
        List<String> texts = new ArrayList<>();
        new Recording(List.of(file), "a", 0).texts().forEachRemaining(texts::add);
        assertThat(texts).containsExactly("€", "€");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t_ns\":1,\"dir\":\"recv\",,\"frame\":\"x\"}",
                "{\"t_ns\":1 \"dir\":\"recv\",\"frame\":\"x",
                "{\"t_ns\":1#,\"dir\":\"recv\",\"frame\":\"x",
                "{\"t_ns\":1,\"dir\":\"recv\",\"frame\":\"x\"}{\"t_ns\":2",
                "\u0000\u0000"
            })
    void aLineThatIsDamagedOtherwiseIsNamed(String damaged) throws Exception {
        Iterator<String> texts = new Recording(List.of(recording("damaged.jsonl", damaged)), "a", 0).texts();
        assertThatThrownBy(texts::hasNext)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("damaged.jsonl, line 1");
    }

    private static boolean opened(Path file) {
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            return handles.anyMatch(handle -> {
                try {
                    return Files.readSymbolicLink(handle).equals(file);
                } catch (IOException e) {
                    return false; // closed since it was listed
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anEndedConnectionClosesTheRecordersFile() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no list of open files");
        String line = "000000000,\"client\":\"a\",\"dir\":\"recv\",\"kind\":\"text\",\"frame\":\"x\"}";
        Path file = recording("long.jsonl", "{\"t_ns\":1" + line, "{\"t_ns\":9999" + line)
                .toRealPath();
        Recording recording = new Recording(List.of(file), "a", 0);
        simulator.replay("/generic", recording, 1);
        simulator.replay("/stream", recording::texts, 0.001);
        for (String path : List.of("/generic/x", "/stream?streams=btcusdt@depth")) {
            try (RawClient client = RawClient.open(simulator, path)) {
                assertThat(client.frame().text()).isEqualTo("x");
                assertThat(opened(file)).isTrue();
            }
            simulator.awaitNoneOpen(LIMIT);
            simulator.await("the file closed", () -> !opened(file), LIMIT);
        }
    }

    @Test
    void aBrokenRecordingFailsThePlayAndNotTheConnection() throws Exception {
        Path bad = recording("bad.jsonl", "{\"dir\":\"recv\",\"frame\":\"a\"}", "rubbish {");
        try (RawClient client = RawClient.open(simulator, "/generic/echo")) {
            Session session = simulator.open().get(0);
            CompletableFuture<Long> played = session.play(Replay.open(bad), 0);
            assertThatThrownBy(() -> played.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("bad.jsonl, line 2");
            assertThat(client.frame().text()).isEqualTo("a");
            client.text("alive");
            assertThat(client.frame().text()).isEqualTo("alive");
        }
    }

    @Test
    void anEndedConnectionClosesWhatItPlayed() throws Exception {
        class Endless implements Iterator<String>, AutoCloseable {
            private final CompletableFuture<Void> closed = new CompletableFuture<>();

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                return "on and on";
            }

            @Override
            public void close() {
                closed.complete(null);
            }
        }
        for (double perSecond : new double[] {0, 100}) {
            Endless endless = new Endless();
            RawClient client = RawClient.open(simulator, "/generic/echo");
            CompletableFuture<Long> played =
                    simulator.awaitOpen(1, LIMIT).get(0).play(endless, perSecond);
            client.frame();
            client.close();
            endless.closed.get(20, TimeUnit.SECONDS);
            assertThat(played.get(20, TimeUnit.SECONDS)).isPositive();
            simulator.awaitNoneOpen(LIMIT);
        }
    }

    /** Real input, when it is there. */
    @Test
    void playsTheRecordedMarketUnchanged() throws Exception {
        String place = System.getProperty("holdfast.market-data", "");
        Path data = place.isEmpty() ? Path.of("..", "..", "..", "shared", "market-data") : Path.of(place);
        Assumptions.assumeTrue(Files.isDirectory(data.resolve("deribit")), "no recorded market data");
        List<Path> files = Replay.files(data.resolve("deribit"));
        simulator.replay("/generic", () -> Replay.frames(files), 0);
        try (RawClient client = RawClient.open(simulator, "/generic/real")) {
            Iterator<String> expected = Replay.frames(files);
            int count = 0;
            while (expected.hasNext()) {
                assertThat(client.frame().text()).isEqualTo(expected.next());
                count++;
            }
            assertThat(count).isGreaterThan(100);
        }
    }
}
