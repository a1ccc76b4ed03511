// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Bundles of the container that the script replaces, from the jars the launcher took them from. */
final class Bundles {

    /** Framework property of the launcher: a URL to which the file name of a bundle can be added. */
    private static final String JARS = "holdfast.bundles";
    /** What the launcher puts before the file name to make a bundle's location. */
    private static final String SCHEME = "holdfast:";

    private final BundleContext context;

    Bundles(BundleContext context) {
        this.context = context;
    }

    private Bundle find(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no bundle " + symbolicName));
    }

    void update(String symbolicName) throws BundleException, IOException {
        Bundle bundle = find(symbolicName);
        try (InputStream jar = jar(bundle.getLocation())) {
            bundle.update(jar);
        }
    }

    /** @return where it can be installed from again */
    String uninstall(String symbolicName) throws BundleException {
        Bundle bundle = find(symbolicName);
        bundle.uninstall();
        return bundle.getLocation();
    }

    void install(String location) throws BundleException, IOException {
        try (InputStream jar = jar(location)) {
            context.installBundle(location, jar).start();
        }
    }

    private InputStream jar(String location) throws IOException {
        String jars = Optional.ofNullable(context.getProperty(JARS))
                .orElseThrow(() -> new IllegalStateException("the framework property " + JARS + " is not set"));
        if (!location.startsWith(SCHEME)) {
            throw new IllegalStateException("not installed by the launcher: " + location);
        }
        URLConnection connection =
                URI.create(jars + location.substring(SCHEME.length())).toURL().openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }
}
