// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.micrometer;

import io.holdfast.metrics.Metric;
import io.holdfast.metrics.Metric.Sample;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Our meters in one registry. Confined to one thread at a time, that of {@link MicrometerAdapter}. */
final class BoundRegistry {
    private final MeterRegistry registry;
    private final Readings readings;
    private final Map<Readings.Key, Meter> meters = new HashMap<>();

    BoundRegistry(MeterRegistry registry, Readings readings) {
        this.registry = registry;
        this.readings = readings;
    }

    /** Adds meters that are missing and removes those of clients and groups that have gone. */
    void align(List<Metric> metrics) {
        Set<Readings.Key> wanted = new HashSet<>();
        for (Metric metric : metrics) {
            for (Sample sample : metric.samples()) {
                Readings.Key key = new Readings.Key(metric.name(), sample.labels());
                wanted.add(key);
                meters.computeIfAbsent(key, k -> register(metric, k));
            }
        }
        List<Readings.Key> gone =
                meters.keySet().stream().filter(key -> !wanted.contains(key)).toList();
        gone.forEach(key -> registry.remove(meters.remove(key)));
    }

    void clear() {
        meters.values().forEach(registry::remove);
        meters.clear();
    }

    private Meter register(Metric metric, Readings.Key key) {
        List<Tag> tags = new ArrayList<>();
        key.labels().forEach((name, value) -> tags.add(Tag.of(name, value)));
        String unit = metric.unit().isEmpty() ? null : metric.unit();
        return switch (metric.kind()) {
            case COUNTER -> {
                Growing growing = new Growing();
                yield FunctionCounter.builder(metric.name(), readings, r -> growing.count(() -> r.value(key)))
                        .tags(tags)
                        .baseUnit(unit)
                        .description(metric.help())
                        .register(registry);
            }
            case GAUGE ->
                Gauge.builder(metric.name(), readings, r -> r.value(key))
                        .tags(tags)
                        .baseUnit(unit)
                        .description(metric.help())
                        .register(registry);
        };
    }
}
