// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The lists that are written by hand hold what the build makes. */
class BomTest {

    private static final Path ROOT = Path.of(System.getProperty("holdfast.root"));
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(io\\.holdfast\\.[^<]+)</artifactId>");

    /** Tests, measurements and examples are for nobody's dependencies. */
    private static final Pattern NOT_PUBLISHED = Pattern.compile("itests.*|benchmarks.*|examples.*|bom");

    @Test
    void lists_every_published_artifact() throws IOException {
        List<String> published = new ArrayList<>();
        for (String module : matches(MODULE, ROOT.resolve("bundles/pom.xml"))) {
            published.add(artifact(ROOT.resolve("bundles").resolve(module)));
        }
        for (String module : matches(MODULE, ROOT.resolve("pom.xml"))) {
            if (!module.equals("bundles") && !NOT_PUBLISHED.matcher(module).matches()) {
                published.add(artifact(ROOT.resolve(module)));
            }
        }
        List<String> listed = new ArrayList<>(matches(ARTIFACT, ROOT.resolve("bom/pom.xml")));

        assertThat(listed.remove(0)).isEqualTo("io.holdfast.bom");
        assertThat(listed).as("bom/pom.xml").containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void has_the_version_of_the_build() throws IOException {
        assertThat(matches(Pattern.compile("<version>([^<$]+)</version>"), ROOT.resolve("bom/pom.xml")))
                .containsExactly(System.getProperty("holdfast.version"));
    }

    @Test
    void karaf_installs_every_bundle_that_the_feature_holds() throws IOException {
        List<String> inFeature = Files.readAllLines(ROOT.resolve("features/app/target/bundles.txt")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("io.holdfast:"))
                .map(line -> line.split(":")[1])
                .filter(name -> !name.equals("io.holdfast.app"))
                .toList();
        List<String> inKaraf = matches(
                Pattern.compile("<bundle[^>]*>\\$\\{holdfast\\.from}([a-z.]+)\\$"),
                ROOT.resolve("features/karaf/src/main/feature/features.xml"));

        assertThat(inKaraf).containsExactlyInAnyOrderElementsOf(inFeature);
    }

    /** Its own, which comes after its parent's. */
    private static String artifact(Path module) throws IOException {
        return matches(ARTIFACT, module.resolve("pom.xml")).get(1);
    }

    private static List<String> matches(Pattern pattern, Path file) throws IOException {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
