// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code java -jar holdfast.jar} as a user without a terminal starts it, with the Java that runs the build. */
public final class Launched implements AutoCloseable {

    /** 128 + 15: the JVM's answer to SIGTERM after its shutdown hooks have run. */
    public static final int TERMINATED = 143;

    private final Path directory;
    private final Process process;
    private final BufferedReader out;
    private final List<String> lines = new ArrayList<>();

    private Launched(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param directory its own, for temporary files and errors */
    public static Launched start(Path directory, String... arguments) throws IOException {
        return start(directory, List.of(), arguments);
    }

    /** @param options of the JVM */
    public static Launched start(Path directory, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
        command.addAll(options);
        command.add("-jar");
        command.add(BundleJars.holdfastJar().toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile())
                .start();
        process.getOutputStream().close();
        return new Launched(directory, process);
    }

    /**
     * Reads until each of the texts was found in a line, in whatever order, or the process has ended.
     *
     * @return all lines so far
     */
    public List<String> readUntil(Collection<String> texts) throws IOException {
        Set<String> missing = new HashSet<>(texts);
        String line;
        while (!missing.isEmpty() && (line = out.readLine()) != null) {
            lines.add(line);
            missing.removeIf(line::contains);
        }
        return List.copyOf(lines);
    }

    /** Reads to the end. */
    public List<String> readAll() throws IOException {
        String line;
        while ((line = out.readLine()) != null) {
            lines.add(line);
        }
        return List.copyOf(lines);
    }

    /** By the handle: the process object would close its output too, whose last lines matter. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Ends it on the spot, as a crash does, and waits for that. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for its end as long as the test may take. */
    public int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    public String errors() throws IOException {
        return Files.readString(directory.resolve("stderr"));
    }

    /** What it left behind. */
    public List<Path> temporaryFiles() throws IOException {
        try (var files = Files.list(directory.resolve("tmp"))) {
            // The JVM's own statistics file is not ours.
            return files.filter(file -> !file.getFileName().toString().startsWith("hsperfdata_"))
                    .toList();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
