// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.micrometer;

import io.holdfast.metrics.Metric;
import io.holdfast.metrics.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the metrics into every {@code MeterRegistry} service. Whoever reads a registry makes the reading fresh; when it shows
 * other clients or groups than before, meters are added and removed. Registries run foreign code, so they are only called in a
 * thread of ours.
 */
@Component(
        service = {},
        immediate = true)
public final class MicrometerAdapter {
    private final Logger logger = LoggerFactory.getLogger(MicrometerAdapter.class);
    private final Readings readings;
    private final ThreadPoolExecutor thread;

    /** Confined to the thread. */
    private final Map<MeterRegistry, BoundRegistry> registries = new IdentityHashMap<>();

    @Activate
    public MicrometerAdapter(@Reference Metrics metrics) {
        this(metrics, System::nanoTime);
    }

    MicrometerAdapter(Metrics metrics, LongSupplier nanoTime) {
        this.readings = new Readings(metrics, nanoTime, this::look);
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread t = new Thread(task, "holdfast-metrics-micrometer");
                    t.setDaemon(true);
                    return t;
                    // What the component runtime unbinds after the end was cleared by it.
                },
                new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
    }

    @Deactivate
    public void deactivate() {
        post(() -> {
            registries.values().forEach(r -> guarded(r::clear));
            registries.clear();
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                logger.warn("A meter registry still holds up the end of the Micrometer adapter");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // --- bound by SCR

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindRegistry(MeterRegistry registry) {
        post(() -> registries.put(registry, new BoundRegistry(registry, readings)));
        look();
    }

    void unbindRegistry(MeterRegistry registry) {
        post(() -> {
            BoundRegistry bound = registries.remove(registry);
            if (bound != null) {
                bound.clear();
            }
        });
    }

    // --- on the thread

    private void look() {
        post(() -> {
            List<Metric> reading = readings.renew();
            registries.values().forEach(r -> guarded(() -> r.align(reading)));
        });
    }

    /** Registries are foreign: what one of them throws is not the others' business. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Exception | LinkageError | StackOverflowError e) {
            logger.warn("Metrics could not be given to a meter registry: {}", e.toString());
        }
    }

    private void post(Runnable task) {
        thread.execute(() -> guarded(task));
    }
}
