// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.karaf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * What happens to the bundles that are there at its beginning: an event of one of them, or another time of last modification, is
 * found by {@link #disturbed}. Whoever is refreshed is stopped, unresolved, resolved and started.
 */
final class BundleWatch implements AutoCloseable {

    private final BundleContext context;
    private final SynchronousBundleListener listener = this::note;
    private final Map<Bundle, Long> modified = new LinkedHashMap<>();

    /** Guards itself. */
    private final List<String> events = new ArrayList<>();

    /** @param watched by symbolic name */
    BundleWatch(BundleContext context, Predicate<String> watched) {
        this.context = context;
        Stream.of(context.getBundles())
                .filter(bundle -> watched.test(bundle.getSymbolicName()))
                .forEach(bundle -> modified.put(bundle, bundle.getLastModified()));
        if (modified.isEmpty()) {
            throw new IllegalStateException("there is nothing to watch");
        }
        context.addBundleListener(listener);
    }

    private void note(BundleEvent event) {
        // A lazy bundle may be activated by whoever uses a class of it.
        boolean harmless = event.getType() == BundleEvent.LAZY_ACTIVATION
                || event.getType() == BundleEvent.STARTING
                || event.getType() == BundleEvent.STARTED;
        if (modified.containsKey(event.getBundle()) && !harmless) {
            synchronized (events) {
                events.add(event.getBundle().getSymbolicName() + " event " + event.getType());
            }
        }
    }

    /** What was done to the watched bundles so far. */
    List<String> disturbed() {
        List<String> all;
        synchronized (events) {
            all = new ArrayList<>(events);
        }
        modified.forEach((bundle, time) -> {
            if (bundle.getLastModified() != time) {
                all.add(bundle.getSymbolicName() + " was modified");
            }
        });
        return all;
    }

    int size() {
        return modified.size();
    }

    @Override
    public void close() {
        context.removeBundleListener(listener);
    }
}
