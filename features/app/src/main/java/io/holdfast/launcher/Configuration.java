package io.holdfast.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the Felix Configurator is to apply at start: the value of its framework property {@code configurator.initial}. */
final class Configuration {

    static final String DEMO = "/holdfast-demo.json";

    /** Without these the Configurator only says "Invalid JSON". */
    private static final List<String> MANDATORY =
            List.of(":configurator:resource-version", ":configurator:symbolic-name", ":configurator:version");

    private Configuration() {
    }

    /** The built-in configuration, as text. */
    static String builtIn() throws IOException {
        try (InputStream in = Configuration.class.getResourceAsStream(DEMO)) {
            if (in == null) {
                throw new IOException("resource " + DEMO + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The user's file, or all {@code *.json} files of the user's directory by name, as a list of URLs. */
    static String of(Path path) throws UsageException, IOException {
        List<Path> files = Files.isDirectory(path) ? jsonFiles(path) : List.of(path);
        if (files.isEmpty()) {
            throw new UsageException("--config: no *.json file in directory " + path);
        }
        List<String> urls = new ArrayList<>();
        for (Path file : files) {
            check(file);
            // The Configurator splits the property at commas.
            urls.add(file.toUri().toString().replace(",", "%2C"));
        }
        return String.join(",", urls);
    }

    private static List<Path> jsonFiles(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(p -> p.getFileName().toString().endsWith(".json") && Files.isRegularFile(p)).sorted().toList();
        }
    }

    private static void check(Path file) throws UsageException, IOException {
        String text = Files.readString(file);
        String missing = MANDATORY.stream().filter(key -> !text.contains('"' + key + '"')).collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new UsageException("--config: " + file + " is not a Configurator file; missing: " + missing);
        }
    }
}
