// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.metrics.Metric;
import io.holdfast.metrics.Metric.Kind;
import io.holdfast.metrics.Metric.Sample;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Registries take for granted that a counter never falls and is always a number; those that send steps send the difference. */
class CountersTest {
    private static final Duration STEP = Duration.ofMinutes(1);

    private final AtomicReference<List<Metric>> now = new AtomicReference<>(counted(100));
    private final AtomicLong nanos = new AtomicLong();
    private final Readings readings = new Readings(now::get, nanos::get, () -> {});

    private static List<Metric> counted(double value) {
        Sample sample = new Sample(Map.of("client", "a"), value);
        return List.of(new Metric("holdfast.client.opens", Kind.COUNTER, "", "h", List.of(sample)));
    }

    private static List<Metric> gone() {
        return List.of(new Metric("holdfast.client.opens", Kind.COUNTER, "", "h", List.of()));
    }

    private FunctionCounter boundIn(MeterRegistry registry) {
        BoundRegistry bound = new BoundRegistry(registry, readings);
        readings.keep(now.get());
        bound.align(now.get());
        return registry.get("holdfast.client.opens").functionCounter();
    }

    private void next(List<Metric> reading) {
        now.set(reading);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void goesOnWhereTheFormerClientOfTheSameIdWas() {
        FunctionCounter opens = boundIn(new SimpleMeterRegistry());
        assertThat(opens.count()).isEqualTo(100);
        next(counted(3));
        assertThat(opens.count()).isEqualTo(103);
        next(counted(5));
        assertThat(opens.count()).isEqualTo(105);
    }

    @Test
    void ofAClientThatIsGoneStaysWhatItWasWhileItsMeterIsThere() {
        FunctionCounter opens = boundIn(new SimpleMeterRegistry());
        assertThat(opens.count()).isEqualTo(100);
        next(gone());
        assertThat(opens.count()).isEqualTo(100);
        next(counted(2));
        assertThat(opens.count()).isEqualTo(102);
    }

    @Test
    void aReadingWithoutTheClientTakesItsMeterAndTheNextClientsBeginsAnew() throws Exception {
        MicrometerAdapter adapter = new MicrometerAdapter(now::get, nanos::get);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        BlockingQueue<Meter> added = new LinkedBlockingQueue<>();
        BlockingQueue<Meter> removed = new LinkedBlockingQueue<>();
        registry.config().onMeterAdded(added::add).onMeterRemoved(removed::add);
        adapter.bindRegistry(registry);
        FunctionCounter opens = (FunctionCounter) added.poll(60, TimeUnit.SECONDS);
        assertThat(opens).isNotNull();
        assertThat(opens.count()).isEqualTo(100);
        next(gone());
        assertThat(opens.count()).isEqualTo(100);
        assertThat(removed.poll(60, TimeUnit.SECONDS)).isSameAs(opens);
        next(counted(2));
        // Any reader of any meter; one that was kept will do.
        assertThat(opens.count()).isEqualTo(102);
        FunctionCounter another = (FunctionCounter) added.poll(60, TimeUnit.SECONDS);
        assertThat(another).isNotNull();
        assertThat(another.count()).isEqualTo(2);
        adapter.deactivate();
    }

    @Test
    void aStepIsNeverNegative() {
        MockClock clock = new MockClock();
        FunctionCounter opens = boundIn(new SimpleMeterRegistry(new Steps(), clock));
        assertThat(opens.count()).as("before the first step").isZero();
        clock.add(STEP);
        assertThat(opens.count()).isEqualTo(100);
        next(counted(3));
        assertThat(opens.count()).isEqualTo(100);
        clock.add(STEP);
        assertThat(opens.count()).as("counted by the next client").isEqualTo(3);
    }

    private static final class Steps implements SimpleConfig {
        @Override
        public String get(String key) {
            return null;
        }

        @Override
        public CountingMode mode() {
            return CountingMode.STEP;
        }

        @Override
        public Duration step() {
            return STEP;
        }
    }
}
