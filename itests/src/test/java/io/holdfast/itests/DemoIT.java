// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The failure script: holds as it is, and fails in the step that needs it when a part of Holdfast is taken out. */
@Tag("demo")
@Tag("runnable-jar")
@Timeout(value = 400, unit = TimeUnit.SECONDS)
class DemoIT {

    /** Three JVMs at once on two cores. What the script finds out is the same; the limits that are configured are not touched. */
    private static final List<String> BUSY_MACHINE = List.of("-Dholdfast.demo.allowance=6s");

    @TempDir
    Path directory;

    @Test
    void every_bound_holds() throws Exception {
        try (Launched demo = Launched.start(directory, "--demo")) {
            List<String> lines = demo.readAll();

            assertThat(demo.exitCode())
                    .as(String.join("\n", lines) + demo.errors())
                    .isZero();
            assertThat(lines).contains("holdfast: every bound held").noneMatch(line -> line.endsWith("FAILED"));
            assertThat(demo.temporaryFiles()).as("files left behind").isEmpty();
        }
    }

    /** All at the same time, as each spends most of its time waiting for what does not happen. */
    @Test
    void without_a_part_it_fails_in_a_named_step() throws Exception {
        try (Launched heartbeat = without("heartbeat");
                Launched supervisor = without("supervisor");
                Launched watchdog = without("watchdog")) {
            failsIn("1 steady", heartbeat);
            failsIn("3 over the intensity, given up, reset", supervisor);
            failsIn("2 half-open", watchdog);
        }
    }

    private static void failsIn(String step, Launched demo) throws IOException, InterruptedException {
        List<String> lines = demo.readAll();
        assertThat(lines).as(demo.errors()).contains("holdfast: failed in step " + step);
        assertThat(demo.exitCode()).isEqualTo(1);
    }

    private Launched without(String part) throws IOException {
        Path own = Files.createDirectory(directory.resolve(part));
        return Launched.start(own, BUSY_MACHINE, "--demo", "--without", part);
    }
}
