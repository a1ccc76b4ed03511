// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.metrics.Metric;
import io.holdfast.metrics.Metric.Kind;
import io.holdfast.metrics.Metric.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextFormatTest {
    @Test
    void writesWhatPrometheusReads() {
        List<Metric> metrics = List.of(
                new Metric(
                        "holdfast.client.in",
                        Kind.COUNTER,
                        "bytes",
                        "Payload.",
                        List.of(
                                new Sample(Map.of("client", "a", "group", ""), 9_876_543_210.0),
                                new Sample(Map.of("client", "b", "group", "g"), 0))),
                new Metric(
                        "holdfast.client.heartbeat.round.trip",
                        Kind.GAUGE,
                        "seconds",
                        "Of the last.",
                        List.of(new Sample(Map.of("client", "a"), 0.001234))),
                new Metric("holdfast.clients", Kind.GAUGE, "", "Clients.", List.of(new Sample(Map.of(), 2))),
                new Metric("holdfast.nothing", Kind.GAUGE, "", "No samples.", List.of()));
        assertThat(TextFormat.of(metrics)).isEqualTo("""
        # HELP holdfast_client_in_bytes_total Payload.
        # TYPE holdfast_client_in_bytes_total counter
        holdfast_client_in_bytes_total{client="a",group=""} 9876543210
        holdfast_client_in_bytes_total{client="b",group="g"} 0
        # HELP holdfast_client_heartbeat_round_trip_seconds Of the last.
        # TYPE holdfast_client_heartbeat_round_trip_seconds gauge
        holdfast_client_heartbeat_round_trip_seconds{client="a"} 0.001234
        # HELP holdfast_clients Clients.
        # TYPE holdfast_clients gauge
        holdfast_clients 2
        """);
    }

    @Test
    void idsCannotForgeLines() {
        Metric metric = new Metric(
                "holdfast.clients", Kind.GAUGE, "", "h", List.of(new Sample(Map.of("client", "a\"} 1\nb\\"), 1)));
        assertThat(TextFormat.of(List.of(metric)))
                .endsWith("holdfast_clients{client=\"a\\\"} 1\\nb\\\\\"} 1\n")
                .hasLineCount(3);
    }
}
