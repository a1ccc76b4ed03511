// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this build makes: read from the list of modules, so that a new bundle is under the rules from its first day. */
public final class Bundles {
    private static final Path ROOT = Path.of(System.getProperty("holdfast.root"));
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private Bundles() {}

    /** Root packages below {@code io.holdfast}: {@code heartbeat.deribit} for the folder {@code heartbeat-deribit}. */
    public static List<String> names() {
        return modules().stream().map(module -> module.replace('-', '.')).toList();
    }

    /** The classes of all bundles, without their tests'. */
    static JavaClasses classes() {
        return new ClassFileImporter()
                .importPaths(names().stream().map(Bundles::classes).toList());
    }

    /**
     * Where the compiled classes of a bundle lie.
     *
     * @param name one of {@link #names()}
     */
    public static Path classes(String name) {
        String module = name.replace('.', '-');
        Path classes = ROOT.resolve("bundles").resolve(module).resolve("target/classes");
        if (!Files.isDirectory(classes)) {
            throw new IllegalStateException("bundles/" + module + " is not built: add it to the dependencies of "
                    + "itests/architecture/pom.xml, which are for the order of the build");
        }
        return classes;
    }

    /** Directories with the sources of tests, of all modules there are. */
    static List<Path> testSources() throws IOException {
        try (var all = Files.find(ROOT, 5, (path, attributes) -> path.endsWith("src/test/java"))) {
            return all.sorted().toList();
        }
    }

    private static List<String> modules() {
        List<String> modules = new ArrayList<>();
        try {
            Matcher matcher = MODULE.matcher(Files.readString(ROOT.resolve("bundles/pom.xml")));
            while (matcher.find()) {
                modules.add(matcher.group(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return modules;
    }
}
