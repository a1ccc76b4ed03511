// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Life cycle of bundles in a test container. */
public final class Bundles {

    private final BundleContext context;

    public Bundles(BundleContext context) {
        this.context = context;
    }

    /** The one bundle of that name. */
    public Bundle named(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(b -> symbolicName.equals(b.getSymbolicName()))
                .reduce((a, b) -> {
                    throw new IllegalStateException("several bundles are called " + symbolicName);
                })
                .orElseThrow();
    }

    public Bundle install(String url) {
        try {
            return context.installBundle(url);
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    public Bundle installAndStart(String url) {
        Bundle bundle = install(url);
        start(bundle);
        return bundle;
    }

    /** Replaces its content by that jar. */
    public void update(Bundle bundle, String url) {
        try (InputStream in = new URL(url).openStream()) {
            bundle.update(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Replaces its content by the jar it was installed from. */
    public void update(Bundle bundle) {
        update(bundle, bundle.getLocation());
    }

    public void start(Bundle bundle) {
        try {
            bundle.start();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    public void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    public void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }
}
