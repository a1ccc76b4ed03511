// SPDX-License-Identifier: Apache-2.0
package io.holdfast.feature;

import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.service.feature.BuilderFactory;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureExtension;
import org.osgi.service.feature.FeatureService;

/** The runnable jar's container without its demo, as a feature of the OSGi Feature Service; names of extensions are the Feature Launcher's. */
final class HoldfastFeature {

    static final String START_LEVEL = "bundleStartLevel";
    static final String START_LEVELS = "bundle-start-levels";
    static final String FRAMEWORKS = "launch-framework";
    static final String PROPERTIES = "framework-launching-properties";

    private final FeatureService service;
    private final List<BundleList.Coordinates> bundles;
    private final StartLevels levels;
    private final Properties properties;
    private final String felix;
    private final String equinox;

    HoldfastFeature(
            FeatureService service,
            List<BundleList.Coordinates> bundles,
            StartLevels levels,
            Properties properties,
            String felix,
            String equinox) {
        this.service = service;
        this.bundles = bundles;
        this.levels = levels;
        this.properties = properties;
        this.felix = felix;
        this.equinox = equinox;
    }

    Feature build(String version) {
        BuilderFactory factory = service.getBuilderFactory();
        return factory.newFeatureBuilder(service.getID("io.holdfast", "io.holdfast.feature", version, "json"))
                .setName("Holdfast")
                .setDescription("Supervised WebSocket connections to exchanges")
                .setLicense("Apache-2.0")
                .addBundles(
                        bundles.stream().map(bundle -> bundle(factory, bundle)).toArray(FeatureBundle[]::new))
                .addExtensions(startLevels(factory), frameworks(factory), properties(factory))
                .build();
    }

    private FeatureBundle bundle(BuilderFactory factory, BundleList.Coordinates bundle) {
        return factory.newBundleBuilder(service.getID(bundle.group(), bundle.artifact(), bundle.version()))
                .addMetadata(START_LEVEL, levels.of(bundle.fileName()))
                .build();
    }

    /** The framework has to go as far as the last bundle; its own start ends at level 1. */
    private FeatureExtension startLevels(BuilderFactory factory) {
        int highest = bundles.stream()
                .mapToInt(bundle -> levels.of(bundle.fileName()))
                .max()
                .orElseThrow();
        return factory.newExtensionBuilder(START_LEVELS, FeatureExtension.Type.JSON, FeatureExtension.Kind.OPTIONAL)
                .setJSON("{\"minimumStartLevel\":" + highest + "}")
                .build();
    }

    /** Felix before Equinox; the integration tests run on both. */
    private FeatureExtension frameworks(BuilderFactory factory) {
        return factory.newExtensionBuilder(FRAMEWORKS, FeatureExtension.Type.ARTIFACTS, FeatureExtension.Kind.OPTIONAL)
                .addArtifact(factory.newArtifactBuilder(
                                service.getID("org.apache.felix", "org.apache.felix.framework", felix))
                        .build())
                .addArtifact(
                        factory.newArtifactBuilder(service.getID("org.eclipse.platform", "org.eclipse.osgi", equinox))
                                .build())
                .build();
    }

    private FeatureExtension properties(BuilderFactory factory) {
        String json = new TreeSet<>(properties.stringPropertyNames())
                .stream()
                        .map(name -> quoted(name) + ":" + quoted(properties.getProperty(name)))
                        .collect(Collectors.joining(",", "{", "}"));
        return factory.newExtensionBuilder(PROPERTIES, FeatureExtension.Type.JSON, FeatureExtension.Kind.OPTIONAL)
                .setJSON(json)
                .build();
    }

    private static String quoted(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("a framework property that would need escaping: " + text);
        }
        return '"' + text + '"';
    }
}
