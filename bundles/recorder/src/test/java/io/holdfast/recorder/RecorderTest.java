// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.client.FrameObserver.Kind;
import io.holdfast.api.client.FrameObserver.Origin;
import io.holdfast.api.options.InvalidOptionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Origin ORIGIN = new Origin("a", 2, 7);

    @TempDir
    Path directory;

    private static void text(Recorder recorder, Origin origin, boolean outbound, String text) {
        frame(recorder, origin, Kind.TEXT, outbound, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void frame(Recorder recorder, Origin origin, Kind kind, boolean outbound, byte[] payload) {
        recorder.frame(origin, kind, outbound, ByteBuffer.wrap(payload), false, System.nanoTime());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    private List<JsonObject> lines() throws IOException {
        List<JsonObject> lines = new ArrayList<>();
        for (Path file : files()) {
            for (String line : Files.readAllLines(file)) {
                lines.add(JsonParser.parseString(line).getAsJsonObject());
            }
        }
        return lines;
    }

    private static List<String> texts(List<JsonObject> lines) {
        return lines.stream().map(l -> l.get("frame").getAsString()).toList();
    }

    @Test
    void everyKindOfFrameComesBackFromItsLine() throws Exception {
        long before = System.currentTimeMillis();
        byte[] bytes = {0, 1, (byte) 0xFF, '\n'};
        try (Recorder recorder = Recorder.start(RecorderOptions.in(directory))) {
            frame(recorder, ORIGIN, Kind.OPEN, false, new byte[0]);
            text(recorder, ORIGIN, true, "{\"q\":\"\u00e9\u2028\\\" \\n\"}\n\t\u0001");
            frame(recorder, ORIGIN, Kind.BINARY, false, bytes);
            frame(recorder, ORIGIN, Kind.PING, false, bytes);
            frame(recorder, ORIGIN, Kind.CLOSE, false, new byte[] {(byte) 0x03, (byte) 0xE8, 'b', 'y', 'e'});
        }
        List<JsonObject> lines = lines();
        assertThat(texts(lines))
                .containsExactly(
                        "",
                        "{\"q\":\"\u00e9\u2028\\\" \\n\"}\n\t\u0001",
                        Base64.getEncoder().encodeToString(bytes),
                        Base64.getEncoder().encodeToString(bytes),
                        "bye");
        assertThat(lines.stream()
                        .map(l ->
                                l.get("dir").getAsString() + " " + l.get("kind").getAsString()))
                .containsExactly("open open", "send text", "recv binary", "recv ping", "recv close");
        assertThat(lines.get(4).get("code").getAsInt()).isEqualTo(1000);
        assertThat(lines).allSatisfy(l -> {
            assertThat(l.get("client").getAsString()).isEqualTo("a");
            assertThat(l.get("incarnation").getAsLong()).isEqualTo(2);
            assertThat(l.get("connection").getAsLong()).isEqualTo(7);
            assertThat(l.get("t_ns").getAsLong() / 1_000_000)
                    .isBetween(before - 60_000, System.currentTimeMillis() + 60_000);
        });
    }

    @Test
    void N22_aRestartAppends() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Recorder recorder = Recorder.start(RecorderOptions.in(directory))) {
                text(recorder, ORIGIN, false, "before " + i);
                text(recorder, ORIGIN, false, "after " + i);
            }
        }
        assertThat(texts(lines())).containsExactly("before 0", "after 0", "before 1", "after 1", "before 2", "after 2");
    }

    @Test
    void aHalfLineOfACrashDoesNotSpoilTheNext() throws Exception {
        Path active = directory.resolve("frames.jsonl");
        Files.writeString(active, "{\"t_ns\":1,\"di", StandardOpenOption.CREATE);
        try (Recorder recorder = Recorder.start(RecorderOptions.in(directory))) {
            text(recorder, ORIGIN, false, "whole");
        }
        List<String> lines = Files.readAllLines(active);
        assertThat(lines).hasSize(2);
        assertThat(JsonParser.parseString(lines.get(1))
                        .getAsJsonObject()
                        .get("frame")
                        .getAsString())
                .isEqualTo("whole");
    }

    @Test
    void filesAreRotatedInOrderAndTheOldestGo() throws Exception {
        RecorderOptions options =
                RecorderOptions.of(Map.of("directory", directory.toString(), "file.max.bytes", 1024, "files.max", 3));
        String padding = "x".repeat(200);
        for (int start = 0; start < 2; start++) {
            try (Recorder recorder = Recorder.start(options)) {
                for (int i = 0; i < 50; i++) {
                    text(recorder, ORIGIN, false, (start * 50 + i) + padding);
                }
            }
        }
        assertThat(files()).hasSize(4);
        for (Path file : files()) {
            assertThat(Files.size(file)).isLessThanOrEqualTo(1024);
        }
        List<Integer> numbers = texts(lines()).stream()
                .map(t -> Integer.parseInt(t.substring(0, t.indexOf('x'))))
                .toList();
        assertThat(numbers).isSorted().last().isEqualTo(99);
        assertThat(numbers).hasSize(99 - numbers.get(0) + 1);
    }

    @Test
    void aGapWhoseNoteAFullDiskTookIsNotedAgain() throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "no device that is always full");
        Path active = Files.createSymbolicLink(directory.resolve("frames.jsonl"), full);
        RecorderOptions options =
                RecorderOptions.of(Map.of("directory", directory.toString(), "buffer.max.bytes", 1024));
        long dropped;
        try (Recorder recorder = Recorder.start(options)) {
            frame(recorder, ORIGIN, Kind.TEXT, false, new byte[5000]);
            await().atMost(LIMIT).until(() -> !recorder.metrics().trouble().isEmpty());
            Files.delete(active);
            await().atMost(LIMIT).until(() -> {
                text(recorder, ORIGIN, false, "again");
                return recorder.metrics().recorded() > 0;
            });
            dropped = recorder.metrics().dropped();
        }
        assertThat(lines().stream()
                        .filter(l -> l.get("dir").getAsString().equals("gap"))
                        .mapToLong(l -> l.get("missing").getAsLong())
                        .sum())
                .isEqualTo(dropped);
    }

    /** A file that is full is written before the next one is begun, which is what fails here. */
    @Test
    void whatIsInAFullFileIsNotNotedAgain() throws Exception {
        RecorderOptions options = RecorderOptions.of(
                Map.of("directory", directory.toString(), "file.max.bytes", 1_100_000, "buffer.max.bytes", 2_000_000));
        Recorder recorder = Recorder.start(options);
        try (recorder) {
            Files.move(directory.resolve("frames.jsonl"), directory.resolve("frames-0000000001.jsonl"));
            // Keeps the writer busy until the others wait, so that it does not rest, which would write all, before the
            // file is full.
            frame(
                    recorder,
                    ORIGIN,
                    Kind.TEXT,
                    false,
                    "[1234567]".repeat(110_000).getBytes(StandardCharsets.US_ASCII));
            frame(recorder, ORIGIN, Kind.TEXT, false, new byte[2_000_001]);
            for (int i = 0; i < 60; i++) {
                frame(recorder, ORIGIN, Kind.TEXT, false, "z".repeat(4000).getBytes(StandardCharsets.US_ASCII));
            }
            await().atMost(LIMIT).until(() -> !recorder.metrics().trouble().isEmpty());
            long before = recorder.metrics().recorded();
            await().atMost(LIMIT).until(() -> {
                text(recorder, ORIGIN, false, "again");
                return recorder.metrics().recorded() > before;
            });
        }
        List<JsonObject> gaps = lines().stream()
                .filter(l -> l.get("dir").getAsString().equals("gap"))
                .toList();
        assertThat(gaps.stream().mapToLong(l -> l.get("missing").getAsLong()).sum())
                .isEqualTo(recorder.metrics().dropped());
        assertThat(lines().size() - gaps.size())
                .isEqualTo((int) recorder.metrics().recorded());
    }

    @Test
    void whatTheBufferDoesNotHoldIsCountedAndNotedInTheFile() throws Exception {
        RecorderOptions options =
                RecorderOptions.of(Map.of("directory", directory.toString(), "buffer.max.bytes", 4096));
        int sent = 20_000;
        long dropped;
        try (Recorder recorder = Recorder.start(options)) {
            byte[] payload = "y".repeat(500).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < sent; i++) {
                frame(recorder, ORIGIN, Kind.TEXT, false, payload);
            }
            frame(recorder, ORIGIN, Kind.TEXT, false, new byte[5000]);
            await().atMost(LIMIT)
                    .until(() ->
                            recorder.metrics().recorded() + recorder.metrics().dropped() == sent + 1);
            dropped = recorder.metrics().dropped();
            assertThat(dropped).as("one is larger than the buffer").isPositive();
            assertThat(recorder.metrics().waitingBytes()).isZero();
        }
        long noted = 0;
        long frames = 0;
        for (JsonObject line : lines()) {
            if (line.get("dir").getAsString().equals("gap")) {
                noted += line.get("missing").getAsLong();
            } else {
                frames++;
            }
        }
        assertThat(noted).isEqualTo(dropped);
        assertThat(frames).isEqualTo(sent + 1 - dropped);
    }

    @Test
    void onlyTheClientsThatWereNamed() throws Exception {
        try (Recorder recorder = Recorder.start(
                RecorderOptions.of(Map.of("directory", directory.toString(), "clients", "b,c".split(","))))) {
            text(recorder, ORIGIN, false, "no");
            text(recorder, new Origin("b", 1, 1), false, "yes");
        }
        assertThat(texts(lines())).containsExactly("yes");
    }

    @Test
    void twoRecordersDoNotShareADirectory() {
        try (Recorder first = Recorder.start(RecorderOptions.in(directory))) {
            assertThatThrownBy(() -> Recorder.start(RecorderOptions.in(directory)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("another recorder");
            assertThat(first.metrics().trouble()).isEmpty();
        }
    }

    @Test
    void K4_aPlaceThatCannotBeWrittenIsRefusedByName() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> Recorder.start(RecorderOptions.in(file.resolve("below"))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("below");
    }

    @Test
    void optionsAreRefusedByName() {
        assertThatThrownBy(() -> RecorderOptions.of(Map.of()))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("directory");
        assertThatThrownBy(() -> RecorderOptions.of(Map.of("directory", "x", "file.max.bytes", 10)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("file.max.bytes");
        assertThatThrownBy(() -> RecorderOptions.of(Map.of("directory", "x", "file.max", 10)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("file.max");
    }

    /** The table in the README is the declaration. */
    @Test
    void theReadmeHasEveryOption() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        RecorderOptions.declared()
                .options()
                .forEach(o -> assertThat(readme)
                        .contains("| `" + o.name() + "` | "
                                + o.type().name().toLowerCase(Locale.ROOT) + " | "
                                + (o.defaultText().isEmpty() ? "none" : "`" + o.defaultText() + "`")
                                + " | restart | " + o.description() + " |"));
    }
}
