// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.holdfast.itests.support.Launched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --replay}: every recorded frame reaches the listener unchanged and in order. */
@Tag("runnable-jar")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class RecordedReplayIT {

    private static final String DELIVERED = "holdfast: every recorded frame was delivered unchanged and in order";

    @TempDir
    Path directory;

    @Test
    void frames_of_our_own() throws Exception {
        recording("deribit", "a.jsonl", """
                {"dir":"open","frame":""}
                {"dir":"recv","frame":"{\\"b\\": 1.50,  \\"a\\":1e3}"}
                {"dir":"send","frame":"{}"}
                {"dir":"recv","frame":"not JSON |1| \\u00fc\\ud83d\\ude00"}
                """);
        recording("deribit", "b.jsonl", "{\"dir\":\"recv\",\"frame\":\"" + "x".repeat(200_000) + "\"}\n");
        recording("binance", "a.jsonl", "{\"dir\":\"recv\",\"frame\":\"{\\\"e\\\":\\\"trade\\\"}\"}\n".repeat(5_000));

        List<String> lines = replay(directory.resolve("recordings"));

        assertThat(lines)
                .contains(
                        "deribit: a.jsonl: 2 frames",
                        "deribit: b.jsonl: 1 frames",
                        "binance: a.jsonl: 5000 frames",
                        DELIVERED);
    }

    private void recording(String exchange, String name, String lines) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("recordings").resolve(exchange));
        Files.writeString(folder.resolve(name), lines);
    }

    @Test
    void frames_recorded_from_the_exchanges() throws Exception {
        Path recordings = recordings();
        assumeThat(recordings.resolve("deribit"))
                .as("recordings; give their place with -Dholdfast.market-data=DIR")
                .isDirectory();

        List<String> lines = replay(recordings);

        assertThat(lines)
                .contains(DELIVERED)
                .anyMatch(line -> line.matches("deribit: [1-9]\\d* frames, .*"))
                .anyMatch(line -> line.matches("binance: [1-9]\\d* frames, .*"));
    }

    private static Path recordings() {
        String given = System.getProperty("holdfast.market-data", "");
        return (given.isBlank() ? Path.of("..", "..", "shared", "market-data") : Path.of(given))
                .toAbsolutePath()
                .normalize();
    }

    private List<String> replay(Path recordings) throws Exception {
        try (Launched run = Launched.start(directory, "--replay", recordings.toString())) {
            List<String> lines = run.readAll();
            assertThat(run.exitCode())
                    .as(String.join("\n", lines) + run.errors())
                    .isZero();
            return lines;
        }
    }
}
