// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.supervisor.group.GroupWorld.Whose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartMemoryTest {
    @TempDir
    private Path directory;

    private RestartMemory memory(String process) {
        return new RestartMemory(directory.resolve("restarts"), process);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("restarts"))) {
            return files.toList();
        }
    }

    @Test
    void anotherLifeInTheSameProcessRecallsThem() {
        memory("1").keep("a/b ..", Whose.CHILDREN, new long[] {-5, 7});
        assertThat(memory("1").recall("a/b ..", Whose.CHILDREN)).containsExactly(-5, 7);
        assertThat(memory("1").recall("other", Whose.CHILDREN)).isEmpty();
        assertThat(memory("1").recall("a/b ..", Whose.GROUP)).isEmpty();
        memory("1").keep("a/b ..", Whose.CHILDREN, new long[0]);
        assertThat(memory("1").recall("a/b ..", Whose.CHILDREN)).isEmpty();
    }

    @Test
    void anotherProcessHasAnotherClock() throws IOException {
        memory("1").keep("a", Whose.CHILDREN, new long[] {1});
        assertThat(memory("2").recall("a", Whose.CHILDREN)).isEmpty();
        memory("2").keep("b", Whose.CHILDREN, new long[] {2});
        memory("2").prune();
        assertThat(files()).hasSize(1);
        assertThat(memory("2").recall("b", Whose.CHILDREN)).containsExactly(2);
    }

    @Test
    void aDamagedFileIsNoMemory() throws IOException {
        memory("1").keep("a", Whose.CHILDREN, new long[] {1});
        Files.writeString(files().get(0), "1\nnonsense\n");
        assertThat(memory("1").recall("a", Whose.CHILDREN)).isEmpty();
        Files.writeString(files().get(0), "");
        assertThat(memory("1").recall("a", Whose.CHILDREN)).isEmpty();
    }
}
