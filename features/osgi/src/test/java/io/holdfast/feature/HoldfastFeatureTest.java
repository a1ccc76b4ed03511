// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureService;

/** The feature file of this build, read by the reference implementation. */
class HoldfastFeatureTest {

    private static Feature feature;

    @BeforeAll
    static void read() throws IOException {
        FeatureService service =
                ServiceLoader.load(FeatureService.class).findFirst().orElseThrow();
        try (Reader in = Files.newBufferedReader(Path.of(System.getProperty("holdfast.feature")))) {
            feature = service.readFeature(in);
        }
    }

    @Test
    void is_named_by_its_own_coordinates() {
        assertThat(feature.getID())
                .hasToString("io.holdfast:io.holdfast.feature:json:" + System.getProperty("holdfast.version"));
        assertThat(feature.getLicense()).contains("Apache-2.0");
    }

    @Test
    void holds_every_bundle_of_the_runnable_jar_but_those_left_out() throws IOException {
        Path root = Path.of(System.getProperty("holdfast.root"));
        List<String> listed = Files.readAllLines(root.resolve("features/app/target/bundles.txt")).stream()
                .map(String::strip)
                .filter(line -> line.contains(":jar:"))
                .map(line -> line.split(":")[1])
                .filter(name -> !BundleList.LEFT_OUT.contains(name))
                .sorted()
                .toList();

        assertThat(feature.getBundles().stream()
                        .map(bundle -> bundle.getID().getArtifactId())
                        .sorted()
                        .toList())
                .isEqualTo(listed)
                .contains(
                        "io.holdfast.api",
                        "io.holdfast.client",
                        "io.holdfast.supervisor",
                        "io.holdfast.transport.jetty",
                        "org.apache.felix.scr")
                .doesNotContain("io.holdfast.simulator", "org.apache.felix.framework");
        assertThat(feature.getBundles())
                .allSatisfy(bundle -> assertThat(bundle.getID().getVersion()).isNotEmpty());
    }

    @Test
    void gives_each_bundle_its_start_level() {
        assertThat(level("asm")).isEqualTo(1);
        assertThat(level("io.holdfast.client")).isEqualTo(6);
        assertThat(feature.getExtensions().get(HoldfastFeature.START_LEVELS).getJSON())
                .contains("\"minimumStartLevel\"")
                .contains("6");
        assertThat(feature.getBundles())
                .allSatisfy(bundle -> assertThat(bundle.getMetadata().get(HoldfastFeature.START_LEVEL))
                        .as(bundle.getID().toString())
                        .isInstanceOf(Number.class));
    }

    private static int level(String artifact) {
        FeatureBundle found = feature.getBundles().stream()
                .filter(bundle -> bundle.getID().getArtifactId().equals(artifact))
                .findFirst()
                .orElseThrow();
        return ((Number) found.getMetadata().get(HoldfastFeature.START_LEVEL)).intValue();
    }

    @Test
    void names_frameworks_and_their_properties() {
        assertThat(feature.getExtensions().get(HoldfastFeature.FRAMEWORKS).getArtifacts().stream()
                        .map(a -> a.getID().getArtifactId()))
                .containsExactly("org.apache.felix.framework", "org.eclipse.osgi");
        assertThat(feature.getExtensions().get(HoldfastFeature.PROPERTIES).getJSON())
                .contains("felix.cm.config.plugins");
    }
}
