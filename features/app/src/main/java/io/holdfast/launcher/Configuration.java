// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the Felix Configurator is to apply at start: the value of its framework property {@code configurator.initial}. */
final class Configuration {

    /** Without these the Configurator only says "Invalid JSON". */
    private static final List<String> MANDATORY =
            List.of(":configurator:resource-version", ":configurator:symbolic-name", ":configurator:version");

    private Configuration() {}

    /**
     * Built-in configurations, copied to where the Configurator can read them, as a list of URLs.
     *
     * @param names resources of this jar; of configurations of the same PID the one with the highest {@code :configurator:ranking} counts
     */
    static String builtIn(Path directory, List<String> names) throws IOException {
        List<String> urls = new ArrayList<>();
        for (String name : names) {
            Path copy = directory.resolve(name);
            try (InputStream in = Configuration.class.getResourceAsStream("/" + name)) {
                if (in == null) {
                    throw new IOException("resource " + name + " is missing");
                }
                Files.copy(in, copy);
            }
            urls.add(url(copy));
        }
        return String.join(",", urls);
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
            urls.add(url(file));
        }
        return String.join(",", urls);
    }

    private static List<Path> jsonFiles(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(p -> p.getFileName().toString().endsWith(".json") && Files.isRegularFile(p))
                    .sorted()
                    .toList();
        }
    }

    /** The Configurator splits the property at commas. */
    private static String url(Path file) {
        return file.toUri().toString().replace(",", "%2C");
    }

    private static void check(Path file) throws UsageException, IOException {
        JsonObject object = ConfigurationText.parse(file.toString(), text(file));
        String missing = MANDATORY.stream().filter(key -> !object.has(key)).collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new UsageException("--config: " + file + " is not a Configurator file; missing: " + missing);
        }
    }

    private static String text(Path file) throws UsageException, IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new UsageException("--config: " + file + " is not UTF-8");
        }
    }
}
