// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One metric with a sample for each client, group or child it is known of.
 *
 * @param name lower case with dots, for instance {@code holdfast.client.messages.in}
 * @param unit of the values: {@code bytes}, {@code seconds}, or empty for a plain number
 * @param help one sentence
 * @param samples every one with the same labels
 */
public record Metric(String name, Kind kind, String unit, String help, List<Sample> samples) {
    /** How a value moves. */
    public enum Kind {
        /** Only grows while its client lives. */
        COUNTER,
        GAUGE
    }

    /** @param labels names to values; values may be foreign text, as ids are chosen by users */
    public record Sample(Map<String, String> labels, double value) {
        public Sample {
            labels = Map.copyOf(labels);
        }
    }

    public Metric {
        Objects.requireNonNull(name);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(help);
        samples = List.copyOf(samples);
    }
}
