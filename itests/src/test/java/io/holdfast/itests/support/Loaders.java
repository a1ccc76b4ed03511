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

/** Class loaders that ought to go, held weakly. For one thread. */
public final class Loaders {

    private final Map<String, WeakReference<ClassLoader>> watched = new LinkedHashMap<>();

    /** Remembers the present class loader of a bundle. */
    public void watch(Bundle bundle) {
        ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
        if (loader == null) {
            throw new IllegalStateException(bundle + " has no class loader to watch");
        }
        watched.put(watched.size() + ": " + bundle.getSymbolicName() + " " + bundle.getVersion(), new WeakReference<>(loader));
    }

    public int size() {
        return watched.size();
    }

    /** Those that are still there now, after a collection. */
    public List<String> alive() {
        System.gc();
        List<String> alive = new ArrayList<>();
        watched.forEach((name, reference) -> {
            if (reference.get() != null) {
                alive.add(name);
            }
        });
        return alive;
    }

    /** Waits until all have been collected. */
    public void awaitCollected() {
        await("collected class loaders").atMost(Services.LIMIT).pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(alive()).isEmpty());
    }
}
