package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.holdfast.itests.support.BundleJars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar holdfast.jar} as a user starts it, with the Java that runs the build. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LauncherIT {

    /** 128 + 15: the JVM's answer to SIGTERM after its shutdown hooks have run. */
    private static final int TERMINATED = 143;

    @TempDir
    Path directory;

    @Test
    void starts_with_the_simulator_and_stops_at_a_signal() throws Exception {
        startAndTerminate();
    }

    @Test
    void starts_on_the_users_configuration_and_stops_at_a_signal() throws Exception {
        Path file = Files.writeString(directory.resolve("mine.json"), """
                {
                  ":configurator:resource-version": 1,
                  ":configurator:symbolic-name": "mine",
                  ":configurator:version": "1.0.0"
                }
                """);

        startAndTerminate("--config", file.toString());
    }

    private void startAndTerminate(String... arguments) throws Exception {
        Process process = start(arguments);
        try {
            List<String> lines = readUntil(process, "holdfast: ready");
            assertThat(lines).as(stderr()).last().asString().startsWith("holdfast: ready");

            process.destroy();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends after the signal").isTrue();
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
            assertThat(temporaryFiles()).as("files left behind").isEmpty();
            assertThat(stderr()).doesNotContain("ERROR", "Exception", "SLF4J", "EventAdmin", "holdfast:");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void help_names_every_option() throws Exception {
        Process process = start("--help");

        assertThat(text(process)).contains("--config FILE", "--demo", "--without PART", "--replay DIR");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void an_unknown_option_is_named() throws Exception {
        Process process = start("--dmeo");

        assertThat(text(process)).isEmpty();
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(stderr()).contains("unknown option '--dmeo'");
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
        command.add("-jar");
        command.add(BundleJars.holdfastJar().toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
        process.getOutputStream().close();
        return process;
    }

    /** The lines up to and with the one that begins so, or all if none does. */
    private static List<String> readUntil(Process process, String beginning) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        String line;
        while ((line = reader.readLine()) != null) {
            lines.add(line);
            if (line.startsWith(beginning)) {
                break;
            }
        }
        return lines;
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String stderr() throws IOException {
        return Files.readString(directory.resolve("stderr"));
    }

    private List<Path> temporaryFiles() throws IOException {
        try (var files = Files.list(directory.resolve("tmp"))) {
            // The JVM's own statistics file is not ours.
            return files.filter(file -> !file.getFileName().toString().startsWith("hsperfdata_")).toList();
        }
    }
}
