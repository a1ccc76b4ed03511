// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.prometheus;

import io.holdfast.metrics.Metric;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prometheus' text exposition format, version 0.0.4. Pure. */
final class TextFormat {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private TextFormat() {}

    static String of(List<Metric> metrics) {
        StringBuilder out = new StringBuilder(16_384);
        metrics.stream().filter(m -> !m.samples().isEmpty()).forEach(m -> metric(out, m));
        return out.toString();
    }

    private static void metric(StringBuilder out, Metric metric) {
        String name = name(metric);
        out.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help(metric.help()))
                .append('\n');
        out.append("# TYPE ").append(name).append(metric.kind() == Metric.Kind.COUNTER ? " counter\n" : " gauge\n");
        for (Metric.Sample sample : metric.samples()) {
            out.append(name);
            labels(out, sample.labels());
            out.append(' ').append(value(sample.value())).append('\n');
        }
    }

    /** Names of ours hold letters, digits and dots only. */
    static String name(Metric metric) {
        String unit = metric.unit().isEmpty() ? "" : "_" + metric.unit();
        return metric.name().replace('.', '_') + unit + (metric.kind() == Metric.Kind.COUNTER ? "_total" : "");
    }

    private static void labels(StringBuilder out, Map<String, String> labels) {
        char before = '{';
        for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
            out.append(before)
                    .append(label.getKey())
                    .append("=\"")
                    .append(quoted(label.getValue()))
                    .append('"');
            before = ',';
        }
        if (before == ',') {
            out.append('}');
        }
    }

    private static String quoted(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String help(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String value(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
