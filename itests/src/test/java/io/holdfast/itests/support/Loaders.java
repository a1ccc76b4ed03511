// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Class loaders that ought to go, held weakly. For one thread.
 *
 * <p>A newer JVM (seen with 25, in some runs, for minutes) may keep the first and longest lived loader of a bundle although
 * no path leads to it from any root of a heap dump, neither strong nor soft. What Holdfast leaked would stay of every
 * update, so one of many is not held against a bundle.
 */
public final class Loaders {

    /** So many are to be watched of a bundle that has lived for long. */
    public static final int MANY = 5;

    private final Map<String, List<WeakReference<ClassLoader>>> watched = new LinkedHashMap<>();

    /** Remembers the present class loader of a bundle. */
    public void watch(Bundle bundle) {
        ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
        if (loader == null) {
            throw new IllegalStateException(bundle + " has no class loader to watch");
        }
        watched.computeIfAbsent(bundle.getSymbolicName(), name -> new ArrayList<>())
                .add(new WeakReference<>(loader));
    }

    /** How many of the watched are gone, as of "3 of 4". */
    public String collected() {
        List<WeakReference<ClassLoader>> all =
                watched.values().stream().flatMap(List::stream).toList();
        return all.stream().filter(loader -> loader.get() == null).count() + " of " + all.size();
    }

    private List<String> leaked() {
        System.gc();
        List<String> leaked = new ArrayList<>();
        watched.forEach((name, loaders) -> {
            long alive = loaders.stream().filter(loader -> loader.get() != null).count();
            if (alive > (loaders.size() >= MANY ? 1 : 0)) {
                leaked.add(alive + " of " + loaders.size() + " of " + name);
            }
        });
        return leaked;
    }

    /** Waits until none is there but what a JVM may keep. */
    public void awaitCollected() {
        await("collected class loaders")
                .atMost(Services.LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(leaked()).isEmpty());
    }
}
