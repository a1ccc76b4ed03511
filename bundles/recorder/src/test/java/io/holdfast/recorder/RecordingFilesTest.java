// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFilesTest {
    private final Locale ofTheMachine = Locale.getDefault();

    @TempDir
    Path directory;

    @AfterEach
    void restore() {
        Locale.setDefault(ofTheMachine);
    }

    @Test
    void filesAreNumberedAlikeWhereDigitsAreOthers() throws IOException {
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        RecordingFiles files = new RecordingFiles(directory, 10, 2);
        for (int i = 0; i < 4; i++) {
            files.append(("line " + i + " is long\n").getBytes(StandardCharsets.US_ASCII));
        }
        files.close();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "frames.lock", "frames.jsonl", "frames-0000000002.jsonl", "frames-0000000003.jsonl");
        }
    }
}
