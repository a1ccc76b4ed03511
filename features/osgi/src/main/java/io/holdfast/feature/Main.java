// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feature;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.ServiceLoader;
import org.osgi.service.feature.FeatureService;

/** Writes the feature file; run by the build. */
public final class Main {

    private Main() {}

    /** @param args version, list of bundles, folder of start levels and framework properties, versions of Felix and Equinox, result */
    public static void main(String[] args) throws IOException {
        if (args.length != 6) {
            throw new IllegalArgumentException("expected 6 arguments, got " + args.length);
        }
        Path resources = Path.of(args[2]);
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(resources.resolve("framework.properties"))) {
            properties.load(in);
        }
        FeatureService service = ServiceLoader.load(FeatureService.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no Feature Service on the class path"));
        HoldfastFeature feature = new HoldfastFeature(
                service,
                BundleList.parse(Files.readAllLines(Path.of(args[1]))),
                StartLevels.parse(Files.readAllLines(resources.resolve("start-levels.txt"))),
                properties,
                args[3],
                args[4]);
        Path result = Path.of(args[5]);
        Files.createDirectories(result.getParent());
        try (Writer out = Files.newBufferedWriter(result)) {
            service.writeFeature(feature.build(args[0]), out);
        }
    }
}
