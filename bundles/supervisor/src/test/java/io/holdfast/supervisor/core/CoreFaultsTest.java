// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Breaks one rule at a time in the source of the core, compiles that file, and expects the corpus to notice. */
class CoreFaultsTest {
    private static final String PACKAGE = "io.holdfast.supervisor.core.";
    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
    private static final Path SOURCES = MODULE.resolve("src/main/java/io/holdfast/supervisor/core");
    private static final Path CLASSES = MODULE.resolve("target/classes");
    private static final Path TEST_CLASSES = MODULE.resolve("target/test-classes");
    private static final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private static List<JsonObject> corpus;
    /** Shared, as opening the class path costs more than compiling one file. */
    private static StandardJavaFileManager files;

    @TempDir
    private Path broken;

    @BeforeAll
    static void loadCorpus() throws IOException {
        corpus = interleaved(Corpus.load());
        assertThat(compiler).as("a JDK runs the tests").isNotNull();
        files = compiler.getStandardFileManager(null, null, null);
        files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of(CLASSES));
    }

    /** The first of every group before the second of any: most faults are then noticed early. */
    private static List<JsonObject> interleaved(List<JsonObject> scenarios) {
        Map<String, Integer> seen = new HashMap<>();
        Map<Integer, List<JsonObject>> rounds = new TreeMap<>();
        for (JsonObject scenario : scenarios) {
            int round = seen.merge(scenario.get("group").getAsString(), 1, Integer::sum);
            rounds.computeIfAbsent(round, key -> new ArrayList<>()).add(scenario);
        }
        return rounds.values().stream().flatMap(List::stream).toList();
    }

    @AfterAll
    static void closeFiles() throws IOException {
        files.close();
    }

    /** Otherwise every fault would seem to be caught. */
    @Test
    void unbrokenCorePasses() throws Exception {
        assertThat(compileAndProbe("Restarts", Files.readString(SOURCES.resolve("Restarts.java"))))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.holdfast.supervisor.core.Fault#all")
    void isCaught(Fault fault) throws Exception {
        String source = Files.readString(SOURCES.resolve(fault.file() + ".java"));
        Matcher place = inAnyLayout(fault.right()).matcher(source);
        assertThat(place.results()).as("places to put the fault").hasSize(1);
        String faulty = place.replaceFirst(Matcher.quoteReplacement(fault.wrong()));
        Optional<String> caught = compileAndProbe(fault.file(), faulty);
        assertThat(caught).as("scenario that notices").isPresent();
        System.out.println("  caught by " + caught.get() + ": " + fault.name());
    }

    /** A formatter may lay the source out anew. */
    private static Pattern inAnyLayout(String text) {
        return Pattern.compile(text.chars()
                .filter(c -> !Character.isWhitespace(c))
                .mapToObj(c -> Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining("\\s*")));
    }

    private Optional<String> compileAndProbe(String file, String source) throws Exception {
        StringWriter messages = new StringWriter();
        files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(broken));
        boolean compiled = compiler.getTask(
                        messages,
                        files,
                        null,
                        List.of("-proc:none", "-g:none"),
                        null,
                        List.of(new Source(file, source)))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
        try (CoreLoader loader = new CoreLoader(broken, CLASSES, TEST_CLASSES)) {
            Object result = loader.loadClass(PACKAGE + "FaultProbe")
                    .getMethod("firstCaught", List.class)
                    .invoke(null, corpus);
            return ((Optional<?>) result).map(String.class::cast);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + PACKAGE.replace('.', '/') + file + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Loads the core and its harness anew, the broken class before the sound one; all else comes from the test's loader. */
    private static final class CoreLoader extends URLClassLoader {
        CoreLoader(Path... places) throws IOException {
            super(urls(places), CoreFaultsTest.class.getClassLoader());
        }

        private static URL[] urls(Path... places) throws IOException {
            URL[] urls = new URL[places.length];
            for (int i = 0; i < places.length; i++) {
                urls[i] = places[i].toUri().toURL();
            }
            return urls;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
