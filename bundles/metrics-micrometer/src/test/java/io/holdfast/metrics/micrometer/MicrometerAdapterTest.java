// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.metrics.Metric;
import io.holdfast.metrics.Metric.Kind;
import io.holdfast.metrics.Metric.Sample;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Registries are services of others: one that fails is none of the others' business. */
class MicrometerAdapterTest {
    private static final List<Metric> READING =
            List.of(new Metric("holdfast.clients", Kind.GAUGE, "", "h", List.of(new Sample(Map.of(), 1))));

    /** Of an order that nobody knows, so there are some. */
    private final List<SimpleMeterRegistry> sound =
            IntStream.range(0, 8).mapToObj(i -> new SimpleMeterRegistry()).toList();

    private static SimpleMeterRegistry refusing() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.config().onMeterAdded(m -> {
            throw new IllegalStateException("refuses " + m.getId());
        });
        return registry;
    }

    private static SimpleMeterRegistry keeping() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.config().onMeterRemoved(m -> {
            throw new IllegalStateException("keeps " + m.getId());
        });
        return registry;
    }

    @Test
    void oneThatRefusesMetersLeavesTheOthersTheirs() throws Exception {
        MicrometerAdapter adapter = new MicrometerAdapter(() -> READING);
        IntStream.range(0, 8).forEach(i -> adapter.bindRegistry(refusing()));
        sound.forEach(adapter::bindRegistry);
        BlockingQueue<List<List<Meter>>> shown = new LinkedBlockingQueue<>();
        // It comes behind all else in the adapter's thread.
        SimpleMeterRegistry last = new SimpleMeterRegistry();
        last.config()
                .onMeterRemoved(m -> shown.add(
                        sound.stream().map(SimpleMeterRegistry::getMeters).toList()));
        adapter.bindRegistry(last);
        adapter.unbindRegistry(last);
        assertThat(shown.poll(60, TimeUnit.SECONDS)).hasSize(8).allMatch(meters -> meters.size() == 1);
        adapter.deactivate();
    }

    @Test
    void oneThatFailsAtTheEndKeepsNoMeterInTheOthers() throws Exception {
        MicrometerAdapter adapter = new MicrometerAdapter(() -> READING);
        IntStream.range(0, 8).forEach(i -> adapter.bindRegistry(keeping()));
        CountDownLatch removed = new CountDownLatch(sound.size());
        sound.forEach(s -> s.config().onMeterRemoved(m -> removed.countDown()));
        sound.forEach(adapter::bindRegistry);
        adapter.deactivate();
        // The end waits for registries for a while only.
        assertThat(removed.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sound).allMatch(registry -> registry.getMeters().isEmpty());
    }
}
