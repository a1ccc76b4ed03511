// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The bundles, start levels and framework properties of the runnable jar: what users get is what the tests run. */
public final class BundleJars {

    private BundleJars() {}

    /** The runnable jar. */
    public static Path holdfastJar() {
        return existing(property("holdfast.jar"));
    }

    /** All bundles of the runnable jar, sorted by name. */
    public static List<Path> all() {
        Path directory = existing(property("holdfast.bundles"));
        try (Stream<Path> files = Files.list(directory);
                JarFile jar = new JarFile(holdfastJar().toFile())) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            List<String> embedded = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("bundles/") && name.endsWith(".jar"))
                    .map(name -> name.substring("bundles/".length()))
                    .sorted()
                    .toList();
            List<String> found =
                    jars.stream().map(file -> file.getFileName().toString()).toList();
            if (found.isEmpty() || !found.equals(embedded)) {
                throw new IllegalStateException(
                        directory + " holds " + found + ", " + jar.getName() + " embeds " + embedded);
            }
            return jars;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one bundle whose file name is {@code <name>-<version>.jar}. */
    public static Path named(String name) {
        Pattern pattern = Pattern.compile(Pattern.quote(name) + "-\\d.*\\.jar");
        List<Path> matches = all().stream()
                .filter(file -> pattern.matcher(file.getFileName().toString()).matches())
                .toList();
        if (matches.size() != 1) {
            throw new IllegalStateException("expected one jar of " + name + ", found " + matches);
        }
        return matches.get(0);
    }

    /** Start level of a bundle, by the same list the launcher uses: the longest matching prefix counts. */
    public static int startLevel(Path bundle) {
        String name = bundle.getFileName().toString();
        return startLevels().entrySet().stream()
                .filter(entry -> name.startsWith(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .orElseThrow(() -> new IllegalStateException("no start level for " + name))
                .getValue();
    }

    /** The start level at which everything runs. */
    public static int highestStartLevel() {
        return startLevels().values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    private static Map<String, Integer> startLevels() {
        Map<String, Integer> levels = new LinkedHashMap<>();
        resource("start-levels.txt")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> {
                    String[] words = line.split("\\s+");
                    levels.put(words[1].equals("*") ? "" : words[1], Integer.valueOf(words[0]));
                });
        return levels;
    }

    /** The framework properties every Holdfast container has. */
    public static Properties frameworkProperties() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(resource("framework.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    private static String resource(String name) {
        try (JarFile jar = new JarFile(holdfastJar().toFile());
                InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path existing(String path) {
        Path file = Path.of(path).toAbsolutePath().normalize();
        if (!Files.exists(file)) {
            throw new IllegalStateException(file + " does not exist; build with 'mvn verify', or 'mvn package' first");
        }
        return file;
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException("system property " + name + " is not set; see itests/pom.xml");
        }
        return value;
    }
}
