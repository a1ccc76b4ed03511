// SPDX-License-Identifier: Apache-2.0
package io.holdfast.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example in a Java of its own, with the packaged jars, as a user starts it. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class DeribitConnectionIT {
    private static final String MAIN = DeribitConnection.class.getName();
    private static final String JAR = System.getProperty("example.jar");
    private static final Path LIB = Path.of(System.getProperty("example.lib"));

    @TempDir
    Path directory;

    /** Ten of them are the interval, and as many the time for an answer, which a young Java on a busy machine may take. */
    private static final Duration UNIT = Duration.ofMillis(400);

    /** The first question comes at most 12.6 units after the heartbeat was set: data flows a little longer. */
    private static final int MESSAGES = 300;

    private List<String> run(String... how) throws Exception {
        try (Simulator simulator = Simulator.start(
                SimulatorOptions.builder().heartbeatUnit(UNIT).rate(50).build())) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(how));
            command.addAll(List.of(
                    simulator.uri("/ws/api/v2").toString(),
                    Integer.toString(MESSAGES),
                    "heartbeat.interval=" + UNIT.multipliedBy(10).toMillis() + "ms",
                    "heartbeat.unit=" + UNIT.toMillis() + "ms",
                    "heartbeat.round.trip=5s"));
            Path out = directory.resolve("out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            int exit = process.waitFor();
            List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
            assertThat(exit).as(String.join("\n", lines)).isZero();
            assertThat(simulator.acceptLog()).singleElement().satisfies(a -> {
                assertThat(a.closeCode()).isEqualTo(1000);
                assertThat(a.closeReason()).isEqualTo("enough");
            });
            assertThat(simulator.deribit().state(1).setHeartbeats()).isEqualTo(1);
            assertThat(simulator.deribit().testRequestsAnswered()).isPositive();
            return lines;
        }
    }

    private static void assertRan(List<String> lines) {
        assertThat(lines)
                // Each once, though META-INF/services, module-info and DS all name them.
                .contains("heartbeat plugins: [binance, deribit, generic]")
                .contains("READY", "done")
                .anyMatch(line -> line.startsWith("health OK, heartbeat deribit answered "))
                .noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR ") || line.contains("Exception"));
    }

    private static String all(Path folder) throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
        }
    }

    @Test
    void onTheClassPath() throws Exception {
        assertRan(run("-cp", JAR + File.pathSeparator + all(LIB), MAIN));
    }

    @Test
    void onTheModulePath() throws Exception {
        assertRan(run("-p", JAR + File.pathSeparator + LIB, "-m", "io.holdfast.examples.plain/" + MAIN));
    }

    /** An application without a module of its own, with Holdfast's modules. */
    @Test
    void fromTheClassPathWithModules() throws Exception {
        assertRan(run("-p", LIB.toString(), "--add-modules", "io.holdfast.client", "-cp", JAR, MAIN));
    }

    /** The same jars on both paths: what is found in the modules is not found again on the class path. */
    @Test
    void onBothPathsAtOnce() throws Exception {
        assertRan(run(
                "-p",
                LIB.toString(),
                "--add-modules",
                "io.holdfast.client",
                "-cp",
                JAR + File.pathSeparator + all(LIB),
                MAIN));
    }
}
