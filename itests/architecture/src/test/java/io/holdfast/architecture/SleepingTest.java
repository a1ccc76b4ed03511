// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests wait for what they wait for, not for time to pass. Read from the sources: not all tests are compiled when this runs. */
class SleepingTest {
    private static final Pattern SLEEP = Pattern.compile("\\.sleep\\s*\\(|[^.\\w]sleep\\s*\\(");

    /** Where time itself is what is tested. */
    private static final Set<String> MAY = Set.of(
            // A peer that reads slowly.
            "bundles/transport-jetty/src/test/java/io/holdfast/transport/jetty/WriteTest.java",
            // A quiet while to compare the trouble with.
            "itests/src/test/java/io/holdfast/itests/SiblingsIT.java",
            // The breach that the rule for bundles has to find.
            "itests/architecture/src/test/java/io/holdfast/architecture/fixture/inventory/Smells.java");

    @Test
    void noTestSleeps() throws IOException {
        Path root = Path.of(System.getProperty("holdfast.root")).toRealPath();
        List<String> sleeping = new ArrayList<>();
        List<Path> places = Bundles.testSources();
        assertThat(places).hasSizeGreaterThan(10);
        for (Path place : places) {
            for (Path file : sleeping(place)) {
                sleeping.add(root.relativize(file.toRealPath()).toString().replace('\\', '/'));
            }
        }
        assertThat(sleeping).as("tests that sleep").containsExactlyInAnyOrderElementsOf(MAY);
    }

    @Test
    void sleepersAreFound(@TempDir Path sources) throws IOException {
        Path qualified = Files.writeString(sources.resolve("A.java"), "class A { void a() { Thread.sleep(5); } }");
        Path imported = Files.writeString(sources.resolve("B.java"), "class B { void b() { sleep(5); } }");
        Path unit = Files.writeString(sources.resolve("C.java"), "class C { void c() { SECONDS .sleep (5); } }");
        Files.writeString(sources.resolve("D.java"), "class D { void asleep() { await().until(() -> true); } }");

        assertThat(sleeping(sources)).containsExactlyInAnyOrder(qualified, imported, unit);
    }

    private static List<Path> sleeping(Path place) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var files =
                Files.find(place, 50, (path, attributes) -> path.toString().endsWith(".java"))) {
            for (Path file : files.toList()) {
                // This class speaks of it.
                if (!file.endsWith("SleepingTest.java")
                        && SLEEP.matcher(Files.readString(file)).find()) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}
