// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The command line, checked.
 *
 * @param mode what to do once the container is up; names a mode service ({@code run}, {@code demo}, {@code replay}), or {@code help}
 * @param arguments handed to the mode as they are
 * @param configuration the user's Configurator file or directory of such; empty means the built-in configuration and the simulator
 */
record Options(String mode, List<String> arguments, Optional<Path> configuration) {

    static final String HELP = "help";
    static final String RUN = "run";
    static final String DEMO = "demo";
    static final String REPLAY = "replay";

    static final String USAGE = """
            Usage: java -jar holdfast.jar [option]

              (none)             two clients, Deribit and Binance, on the built-in simulator
              --config FILE      the same container on your configuration, without simulator;
                                 FILE is a Configurator JSON file, or a directory of *.json files
              --demo             play the failure script against the simulator; exit 0 only if every bound holds
                --without PART   leave out heartbeat, supervisor or watchdog; the script must then fail
              --replay DIR       both clients on the recordings in DIR/deribit and DIR/binance (*.jsonl)
              --help             this text

            State: -Dholdfast.state=DIR keeps the bans that servers gave for the next process.
            Logging: -Dlogback.configurationFile=FILE replaces the built-in Logback configuration (WARN to stderr).
            Exit codes: 0 done, 1 failed, 2 wrong usage.
            """;

    /** Folders of a directory of recordings. */
    private static final List<String> EXCHANGES = List.of("deribit", "binance");

    private static final Set<String> PARTS = Set.of("heartbeat", "supervisor", "watchdog");

    static Options parse(String... args) throws UsageException {
        Deque<String> rest = new ArrayDeque<>(List.of(args));
        if (rest.contains("--help")) {
            return new Options(HELP, List.of(), Optional.empty());
        }
        if (rest.isEmpty()) {
            return new Options(RUN, List.of(), Optional.empty());
        }
        String option = rest.poll();
        Options options = switch (option) {
            case "--config" -> new Options(RUN, List.of(), Optional.of(readable(option, value(option, rest))));
            case "--demo" -> new Options(DEMO, without(rest), Optional.empty());
            case "--replay" ->
                new Options(
                        REPLAY, List.of(recordings(option, value(option, rest)).toString()), Optional.empty());
            case "--without" -> throw new UsageException("--without belongs after --demo");
            default -> throw unknown(option);
        };
        if (!rest.isEmpty()) {
            throw Set.of("--config", "--demo", "--replay", "--without").contains(rest.peek())
                    ? new UsageException(rest.peek() + " cannot be combined with "
                            + String.join(" ", List.of(args).subList(0, args.length - rest.size())))
                    : unknown(rest.peek());
        }
        return options;
    }

    /** The part that {@code --without} names. */
    Optional<String> without() {
        return mode.equals(DEMO) && arguments.size() == 2 ? Optional.of(arguments.get(1)) : Optional.empty();
    }

    private static List<String> without(Deque<String> rest) throws UsageException {
        if (!"--without".equals(rest.peek())) {
            return List.of();
        }
        String option = rest.poll();
        String part = value(option, rest);
        if (!PARTS.contains(part)) {
            throw new UsageException(option + " must be heartbeat, supervisor or watchdog, not '" + part + "'");
        }
        return List.of(option, part);
    }

    private static String value(String option, Deque<String> rest) throws UsageException {
        String value = rest.poll();
        if (value == null || value.isBlank() || value.startsWith("--")) {
            throw new UsageException(option + " needs a value");
        }
        return value;
    }

    private static Path readable(String option, String value) throws UsageException {
        Path path = Path.of(value);
        if (!Files.isReadable(path)) {
            throw new UsageException(option + ": no such file or directory, or not readable: " + value);
        }
        return path;
    }

    private static Path recordings(String option, String value) throws UsageException {
        Path path = directory(option, value);
        for (String exchange : EXCHANGES) {
            if (!holdsRecordings(path.resolve(exchange))) {
                throw new UsageException(option + ": no recordings (*.jsonl) in " + path.resolve(exchange));
            }
        }
        return path.toAbsolutePath();
    }

    private static boolean holdsRecordings(Path folder) throws UsageException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(".jsonl"));
        } catch (IOException e) {
            throw new UsageException("cannot read " + folder + ": " + e);
        }
    }

    private static Path directory(String option, String value) throws UsageException {
        Path path = readable(option, value);
        if (!Files.isDirectory(path)) {
            throw new UsageException(option + ": not a directory: " + value);
        }
        return path;
    }

    private static UsageException unknown(String option) {
        return new UsageException("unknown option '" + option + "'");
    }
}
