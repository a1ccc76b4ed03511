// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/** Options of test containers: the bundles, start levels and properties of the runnable jar, on the framework of this run. */
public final class Containers {

    /** The prompt wants a terminal; the launcher does not start it without one either. */
    private static final Set<String> NEEDS_TERMINAL = Set.of("org.apache.felix.gogo.jline", "jline");

    private static final String PROVIDED = "holdfast.itests.bundle.";

    private Containers() {}

    /**
     * @param test names the log file
     * @param more what this test needs besides
     */
    public static Option[] standard(Class<?> test, Option... more) {
        List<Option> options = new ArrayList<>();
        for (Path jar : BundleJars.all()) {
            if (NEEDS_TERMINAL.stream()
                    .noneMatch(name -> jar.getFileName().toString().startsWith(name + "-"))) {
                options.add(bundle(jar.toUri().toString()).startLevel(BundleJars.startLevel(jar)));
            }
        }
        for (Path jar : testLibraries()) {
            options.add(bundle(jar.toUri().toString()).startLevel(BundleJars.highestStartLevel()));
        }
        Properties properties = BundleJars.frameworkProperties();
        properties
                .stringPropertyNames()
                .forEach(name -> options.add(frameworkProperty(name).value(properties.getProperty(name))));
        options.add(frameworkStartLevel(BundleJars.highestStartLevel()));
        options.add(systemProperty("logback.configurationFile").value(logbackConfiguration()));
        options.add(systemProperty(ContainerLog.PROPERTY)
                .value(target().resolve("container-logs")
                        .resolve(framework())
                        .resolve(test.getName() + ".log")
                        .toString()));
        options.add(junitBundles());
        options.add(cleanCaches());
        Collections.addAll(options, more);
        return options.toArray(Option[]::new);
    }

    /** Bundles that are not in the runnable jar, by symbolic name or artifact; they start with ours. */
    public static Option[] optional(String... names) {
        List<Option> options = new ArrayList<>();
        for (String name : names) {
            Path jar = jar(target().resolve("optional"), name);
            options.add(bundle(jar.toUri().toString()).startLevel(BundleJars.startLevel(jar)));
        }
        return options.toArray(Option[]::new);
    }

    private static Path jar(Path directory, String name) {
        Pattern pattern = Pattern.compile(Pattern.quote(name) + "-\\d.*\\.jar");
        try (Stream<Path> files = Files.list(BundleJars.existing(directory.toString()))) {
            List<Path> matches = files.filter(file ->
                            pattern.matcher(file.getFileName().toString()).matches())
                    .toList();
            if (matches.size() != 1) {
                throw new IllegalStateException("expected one jar of " + name + ", found " + matches);
            }
            return matches.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Builds a bundle outside for a test inside, which gets it by {@link #provided}. */
    public static Option provide(String key, TestBundle bundle) {
        try {
            Path jar = bundle.writeTo(target().resolve("test-bundles"));
            return systemProperty(PROVIDED + key).value(jar.toUri().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL of a provided bundle, for {@code installBundle}. */
    public static String provided(String key) {
        return BundleJars.property(PROVIDED + key);
    }

    /** What this run is to be on: {@code felix} or {@code equinox}. */
    public static String framework() {
        return BundleJars.property("holdfast.itests.framework");
    }

    private static List<Path> testLibraries() {
        try (Stream<Path> files = Files.list(
                BundleJars.existing(target().resolve("test-libraries").toString()))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String logbackConfiguration() {
        return BundleJars.existing(
                        target().resolve("test-classes/container-logback.xml").toString())
                .toString();
    }

    private static Path target() {
        return BundleJars.existing(BundleJars.property("holdfast.itests.target"));
    }
}
