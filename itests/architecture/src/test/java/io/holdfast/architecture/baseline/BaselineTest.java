// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.service.diff.Tree;
import io.holdfast.architecture.Bundles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What exported packages offered when somebody last looked, kept in {@code itests/architecture/baseline}, is still offered. */
class BaselineTest {
    private static final Path BASELINE = Path.of("baseline");
    private static final boolean REFRESH = Boolean.getBoolean("holdfast.baseline.refresh");
    private static final String ADVICE = """

            Users of this package would not compile or link any more. Keep what was there; or raise the major version in its package-info.java.
            As long as nothing was released, an incompatible change that is meant can be taken over, and is then seen in the change of
            itests/architecture/baseline:
              mvn -q -pl itests/architecture -am test -Dtest=BaselineTest -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.baseline.refresh=true
            """;

    static List<String> exporting() throws Exception {
        TreeSet<String> exporting = new TreeSet<>();
        for (String bundle : Bundles.names()) {
            if (Signatures.of(Bundles.classes(bundle), bundle).getChildren().length > 0) {
                exporting.add(bundle);
            }
        }
        return List.copyOf(exporting);
    }

    @ParameterizedTest
    @MethodSource("exporting")
    void usersAreNotBroken(String bundle) throws Exception {
        Tree now = Signatures.of(Bundles.classes(bundle), bundle);
        Path file = file(bundle);
        if (REFRESH) {
            Files.createDirectories(BASELINE);
            Files.writeString(file, Signatures.text(now));
        }
        // A bundle that exports for the first time has nobody to break; the next refresh takes it in.
        if (Files.exists(file)) {
            assertThat(Comparison.breaks(Signatures.parse(Files.readString(file)), now))
                    .as("%s%s", bundle, ADVICE)
                    .isEmpty();
        }
    }

    @Test
    void noBundleStopsExporting() throws Exception {
        List<String> exporting = exporting();
        assertThat(exporting).contains("api", "client");
        try (var files = Files.list(BASELINE)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".txt"))
                            .map(name -> name.substring(0, name.length() - ".txt".length())))
                    .as("files in itests/architecture/baseline of bundles that export nothing")
                    .isSubsetOf(exporting);
        }
    }

    private static Path file(String bundle) {
        return BASELINE.resolve(bundle + ".txt");
    }
}
