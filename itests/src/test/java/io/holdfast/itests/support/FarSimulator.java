// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A simulator without data in a process of its own, so that its sockets and memory are not counted with the container's. It ends with
 * its input. For one thread.
 */
public final class FarSimulator implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter questions;
    private final int port;

    /** What it has seen: connections accepted so far, and open now. */
    public record Account(int accepts, int open) {}

    /** Starts the process, with the Java that runs the build. */
    public FarSimulator() {
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            FarSimulator.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        port = Integer.parseInt(line());
    }

    public String uri(String path) {
        return "ws://127.0.0.1:" + port + path;
    }

    public Account account() {
        questions.println();
        String[] numbers = line().split(" ");
        return new Account(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    /** The paths of the connections that are open now, sorted: one twice if two are open for it. */
    public List<String> openPaths() {
        questions.println("paths");
        return List.of(line().split(" "));
    }

    private String line() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("the simulator's process has ended");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        questions.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process: tells its port, then its account for each line of input, or the open paths when asked for them. */
    public static void main(String[] arguments) throws IOException {
        try (Simulator simulator =
                        Simulator.start(SimulatorOptions.builder().rate(0).build());
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(simulator.port());
            String question;
            while ((question = in.readLine()) != null) {
                System.out.println(
                        question.equals("paths")
                                ? simulator.open().stream()
                                        .map(session -> session.request().path())
                                        .sorted()
                                        .collect(Collectors.joining(" "))
                                : simulator.accepts() + " " + simulator.open().size());
            }
        }
    }
}
