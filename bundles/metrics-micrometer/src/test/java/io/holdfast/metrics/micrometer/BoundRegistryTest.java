// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.metrics.Metric;
import io.holdfast.metrics.Metric.Kind;
import io.holdfast.metrics.Metric.Sample;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BoundRegistryTest {
    private final AtomicReference<List<Metric>> now = new AtomicReference<>(reading("a", 5));
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Readings readings = new Readings(
            () -> {
                reads.incrementAndGet();
                return now.get();
            },
            clock::get,
            changes::incrementAndGet);
    private final BoundRegistry bound = new BoundRegistry(registry, readings);

    private static List<Metric> reading(String client, double in) {
        Sample sample = new Sample(Map.of("client", client), in);
        return List.of(
                new Metric("holdfast.client.in", Kind.COUNTER, "bytes", "h", List.of(sample)),
                new Metric("holdfast.client.queued", Kind.GAUGE, "", "h", List.of(sample)));
    }

    private void align() {
        readings.keep(now.get());
        bound.align(now.get());
    }

    private double gauge() {
        return registry.get("holdfast.client.queued").tag("client", "a").gauge().value();
    }

    @Test
    void showsValuesAsTheyAreWhenAskedAndReadsOnceForAll() {
        align();
        FunctionCounter in =
                registry.get("holdfast.client.in").tag("client", "a").functionCounter();
        assertThat(in.getId().getBaseUnit()).isEqualTo("bytes");
        now.set(reading("a", 7));
        clock.addAndGet(1_000_000_000);
        assertThat(in.count()).isEqualTo(7);
        assertThat(gauge()).isEqualTo(7);
        assertThat(reads).hasValue(1);
        assertThat(changes).hasValue(0);
    }

    @Test
    @Timeout(60)
    void whoWaitedForAnothersReadingTakesIt() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Readings slow = new Readings(
                () -> {
                    reads.incrementAndGet();
                    reading.countDown();
                    await(goOn);
                    return now.get();
                },
                clock::get,
                changes::incrementAndGet);
        Readings.Key key = new Readings.Key("holdfast.client.queued", Map.of("client", "a"));
        FutureTask<Double> one = new FutureTask<>(() -> slow.value(key));
        FutureTask<Double> other = new FutureTask<>(() -> slow.value(key));
        new Thread(one).start();
        reading.await();
        Thread waiting = new Thread(other);
        waiting.start();
        while (waiting.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        assertThat(one.get()).isEqualTo(5);
        assertThat(other.get()).isEqualTo(5);
        assertThat(reads).hasValue(1);
        assertThat(changes).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void metersComeAndGoWithTheirClients() {
        align();
        now.set(reading("b", 1));
        clock.addAndGet(1_000_000_000);
        assertThat(gauge()).as("of a client that has gone").isNaN();
        assertThat(changes).hasValue(1);
        align();
        assertThat(registry.getMeters())
                .hasSize(2)
                .allMatch(m -> "b".equals(m.getId().getTag("client")));
        bound.clear();
        assertThat(registry.getMeters()).isEmpty();
    }
}
