// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * What Holdfast's bundles have in the process: threads, by name without number, and registered services, by bundle and type.
 *
 * @param threads how many of each name
 * @param services how many of each bundle and type
 */
public record Census(Map<String, Long> threads, Map<String, Long> services) {

    /** Jetty's pool; it gives up one thread in 30 s, so its size says nothing about leaks below this limit. */
    public static final String TRANSPORT_POOL = "holdfast-transport";

    public static final int TRANSPORT_LIMIT = 16;

    /** Pools whose threads end ten seconds after the last work. */
    private static final Set<String> PASSING = Set.of(
            "holdfast-publish",
            "holdfast-plugin",
            "holdfast-delivery",
            "holdfast-supervisor-publish",
            "holdfast-supervisor-mailbox",
            "holdfast-transport-names");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Waits until nobody works any more, then counts. */
    public static Census atRest(BundleContext context) {
        await("idle threads have ended")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> running().keySet().stream().noneMatch(PASSING::contains));
        return new Census(running(), registered(context));
    }

    /** Counts at once, without the threads that pass: what {@link #atRest} will find as well, unless something was left behind. */
    public static Census lasting(BundleContext context) {
        Map<String, Long> threads = running();
        threads.keySet().removeAll(PASSING);
        return new Census(threads, registered(context));
    }

    /** The same without Jetty's pool. */
    public Census withoutTransportPool() {
        Map<String, Long> others = new TreeMap<>(threads);
        others.remove(TRANSPORT_POOL);
        return new Census(others, services);
    }

    private static Map<String, Long> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(thread -> thread.getName().replaceAll("-\\d+$", ""))
                .filter(name -> name.startsWith("holdfast-"))
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> registered(BundleContext context) {
        return Stream.of(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith("io.holdfast."))
                .flatMap(bundle -> {
                    ServiceReference<?>[] found = bundle.getRegisteredServices();
                    return found == null
                            ? Stream.empty()
                            : Stream.of(found)
                                    .map(service -> bundle.getSymbolicName() + " "
                                            + List.of((String[]) service.getProperty("objectClass")));
                })
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }
}
