// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

    @TempDir
    Path directory;

    private Path first;
    private Path second;
    private Comparison comparison;

    /** A message as the client delivers it. */
    private record Text(String text) implements Message {

        @Override
        public boolean isText() {
            return true;
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
        }

        @Override
        public long receivedNanos() {
            return 0;
        }

        @Override
        public long connection() {
            return 1;
        }

        @Override
        public long sequence() {
            return 1;
        }
    }

    @BeforeEach
    void recordings() throws IOException {
        first = Files.writeString(directory.resolve("a.jsonl"), """
                {"dir":"open","frame":""}
                {"dir":"recv","frame":"{\\"n\\": 1}"}
                {"dir":"send","frame":"never"}
                {"dir":"recv","frame":"ü2"}
                """);
        second = Files.writeString(directory.resolve("b.jsonl"), "{\"dir\":\"recv\",\"frame\":\"3\"}\n");
        comparison = new Comparison("\"mark\"", List.of(first, second));
    }

    private void deliver(String... texts) {
        for (String text : texts) {
            comparison.onMessage(new Text(text));
        }
    }

    @Test
    void equal_frames_are_counted_by_file() {
        deliver("{\"id\":\"mark\"}", "{\"n\": 1}", "ü2", "3");

        assertThat(comparison.over().getCount()).isZero();
        assertThat(comparison.difference()).isEmpty();
        assertThat(comparison.frames()).containsEntry(first, 2L).containsEntry(second, 1L);
        assertThat(comparison.bytes()).isEqualTo(8 + 3 + 1);
    }

    @Test
    void a_changed_frame_is_shown() {
        deliver("{\"n\":1}");

        assertThat(comparison.over().getCount()).isZero();
        assertThat(comparison.difference())
                .contains("a.jsonl, frame 1")
                .contains("'{\"n\": 1}'")
                .contains("'{\"n\":1}'");
    }

    @Test
    void a_missing_frame_is_a_difference() {
        deliver("{\"n\": 1}", "3");

        assertThat(comparison.difference()).contains("a.jsonl, frame 2");
    }

    @Test
    void the_mark_is_skipped_only_before_the_recording() {
        deliver("{\"n\": 1}", "{\"id\":\"mark\"}");

        assertThat(comparison.difference()).contains("frame 2");
    }

    @Test
    void more_than_was_recorded_is_a_difference() {
        deliver("{\"n\": 1}", "ü2", "3", "4");

        assertThat(comparison.difference()).contains("more than was recorded");
    }

    @Test
    void an_interruption_in_the_middle_is_a_difference_and_one_at_the_end_is_not() {
        Continuity interrupted = new Continuity.Interrupted(1, 1, Cause.of(Cause.Kind.LOCAL_CLOSE, ""));
        deliver("{\"n\": 1}");
        comparison.onContinuity(interrupted);
        assertThat(comparison.difference()).contains("something is missing");

        comparison = new Comparison("\"mark\"", List.of(first, second));
        deliver("{\"n\": 1}", "ü2", "3");
        comparison.onContinuity(interrupted);
        comparison.onContinuity(new Continuity.Left(Cause.of(Cause.Kind.LOCAL_CLOSE, "")));
        assertThat(comparison.difference()).isEmpty();
        assertThat(comparison.left().getCount()).isZero();
    }
}
