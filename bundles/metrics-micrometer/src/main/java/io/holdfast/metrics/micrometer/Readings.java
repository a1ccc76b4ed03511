// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.micrometer;

import io.holdfast.metrics.Metric;
import io.holdfast.metrics.Metric.Sample;
import io.holdfast.metrics.Metrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The last reading of all metrics, renewed when it is asked for and too old: a registry asks for each meter by itself, and
 * each question must not read everything anew.
 */
final class Readings {
    /** A meter's identity. */
    record Key(String name, Map<String, String> labels) {}

    private static final long AGE = Duration.ofMillis(500).toNanos();

    private final Metrics metrics;
    private final LongSupplier nanoTime;
    private final Runnable changed;
    private final Object lock = new Object();

    /** One reading after another: an older one that is kept last would let counters fall. */
    private final Object turn = new Object();

    /** Guarded by {@link #lock}, replaced as a whole. */
    private Map<Key, Double> values = Map.of();

    /** Guarded by {@link #lock}. */
    private long readAt;

    /** Guarded by {@link #lock}. */
    private boolean read;

    /** @param changed told when other meters are there than before; only posts */
    Readings(Metrics metrics, LongSupplier nanoTime, Runnable changed) {
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.changed = changed;
    }

    /** Not a number for what is not there any more. */
    double value(Key key) {
        return fresh().getOrDefault(key, Double.NaN);
    }

    private Map<Key, Double> fresh() {
        if (isYoung()) {
            return last();
        }
        Set<Key> before;
        Map<Key, Double> now;
        synchronized (turn) {
            // Another who had the turn may just have read.
            if (isYoung()) {
                return last();
            }
            before = last().keySet();
            keep(metrics.read());
            now = last();
        }
        if (!now.keySet().equals(before)) {
            changed.run();
        }
        return now;
    }

    private boolean isYoung() {
        synchronized (lock) {
            return read && nanoTime.getAsLong() - readAt < AGE;
        }
    }

    private Map<Key, Double> last() {
        synchronized (lock) {
            return values;
        }
    }

    /** Reads everything and takes it over as the last. */
    List<Metric> renew() {
        synchronized (turn) {
            List<Metric> reading = metrics.read();
            keep(reading);
            return reading;
        }
    }

    /** Takes a reading over as the last. */
    void keep(List<Metric> reading) {
        Map<Key, Double> now = new HashMap<>();
        for (Metric metric : reading) {
            for (Sample sample : metric.samples()) {
                now.put(new Key(metric.name(), sample.labels()), sample.value());
            }
        }
        synchronized (lock) {
            values = Map.copyOf(now);
            readAt = nanoTime.getAsLong();
            read = true;
        }
    }
}
