// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final HeartbeatHealth HEARTBEAT = new HeartbeatHealth(
            "deribit",
            true,
            false,
            Optional.of(Duration.ofMillis(4250)),
            Optional.of(Duration.ofNanos(1_234_000)),
            2,
            42);

    private static Catalogue.Client client(String id, Optional<Duration> lastMessage) {
        return new Catalogue.Client(
                id,
                "trading",
                ClientState.READY,
                new ClientHealth(ClientHealth.Status.WARN, List.of(), HEARTBEAT, Optional.empty()),
                new ClientMetrics(3, 17, 20, 18, 16, 123_456, 9_876_543, 88, 2, 5, 1, 42, 4, 1, 6, 9, lastMessage));
    }

    private static final GroupStatus GROUP = new GroupStatus(
            "trading",
            true,
            "",
            "",
            10,
            60_000,
            List.of(new ChildStatus("a", ChildStatus.State.RESTARTING, 3, 2, "")),
            1);

    private static double value(List<Metric> metrics, String name, Map<String, String> labels) {
        Metric metric = metrics.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
        return metric.samples().stream()
                .filter(s -> s.labels().equals(labels))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + labels))
                .value();
    }

    @Test
    void everyFigureHasItsOwnName() {
        List<Metric> metrics = Catalogue.of(List.of(client("a", Optional.of(Duration.ofMillis(120)))), List.of(GROUP));
        Map<String, String> a = Map.of("client", "a", "group", "trading");
        Map<String, Double> expected = Map.ofEntries(
                Map.entry("holdfast.client.health", 1.0),
                Map.entry("holdfast.client.incarnation", 3.0),
                Map.entry("holdfast.client.attempts", 20.0),
                Map.entry("holdfast.client.opens", 18.0),
                Map.entry("holdfast.client.losses", 16.0),
                Map.entry("holdfast.client.stale.callbacks", 4.0),
                Map.entry("holdfast.client.messages.in", 123_456.0),
                Map.entry("holdfast.client.in", 9_876_543.0),
                Map.entry("holdfast.client.messages.out", 88.0),
                Map.entry("holdfast.client.dropped", 2.0),
                Map.entry("holdfast.client.queued", 5.0),
                Map.entry("holdfast.client.listener.faults", 1.0),
                Map.entry("holdfast.client.last.message.age", 0.12),
                Map.entry("holdfast.client.heartbeats", 42.0),
                Map.entry("holdfast.client.heartbeats.missed", 2.0),
                Map.entry("holdfast.client.heartbeat.bound", 1.0),
                Map.entry("holdfast.client.plugin.calls.hung", 1.0),
                Map.entry("holdfast.client.heartbeat.age", 4.25),
                Map.entry("holdfast.client.heartbeat.round.trip", 0.001234));
        expected.forEach(
                (name, value) -> assertThat(value(metrics, name, a)).as(name).isEqualTo(value));
        assertThat(value(metrics, "holdfast.client.state", Map.of("client", "a", "group", "trading", "state", "READY")))
                .isEqualTo(1);
        assertThat(value(
                        metrics,
                        "holdfast.client.state",
                        Map.of("client", "a", "group", "trading", "state", "BACKOFF")))
                .isZero();
        assertThat(value(metrics, "holdfast.group.period", Map.of("group", "trading")))
                .isEqualTo(60);
        assertThat(value(metrics, "holdfast.child.restarts", Map.of("group", "trading", "child", "a")))
                .isEqualTo(2);
        assertThat(value(
                        metrics,
                        "holdfast.child.state",
                        Map.of("group", "trading", "child", "a", "state", "RESTARTING")))
                .isEqualTo(1);
        assertThat(value(metrics, "holdfast.clients", Map.of())).isEqualTo(1);
    }

    @Test
    void namesAreFitForEverySystemAndLabelsAreTheSameInAMetric() {
        List<Metric> metrics = Catalogue.of(
                List.of(client("a", Optional.empty()), client("b", Optional.of(Duration.ZERO))), List.of(GROUP));
        assertThat(metrics)
                .extracting(Metric::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("holdfast(\\.[a-z]+)+"));
        assertThat(metrics).extracting(Metric::unit).allMatch(unit -> unit.matches("|bytes|seconds"));
        for (Metric metric : metrics) {
            Set<Set<String>> labels = new HashSet<>();
            metric.samples().forEach(s -> labels.add(s.labels().keySet()));
            assertThat(labels).as(metric.name()).hasSizeLessThanOrEqualTo(1);
        }
        Metric age = metrics.stream()
                .filter(m -> m.name().equals("holdfast.client.last.message.age"))
                .findFirst()
                .orElseThrow();
        assertThat(age.samples()).as("nothing before the first message").hasSize(1);
    }

    @Test
    void aClientThatTakesOverFromOneOfTheSameIdIsShownAlone() {
        Catalogue.Client newer = client("a", Optional.of(Duration.ofSeconds(1)));
        Catalogue.Client older = client("a", Optional.of(Duration.ZERO));
        // As the component runtime gives them: the one registered last first.
        List<Metric> metrics = Catalogue.of(List.of(newer, older), List.of());
        for (Metric metric : metrics) {
            assertThat(metric.samples())
                    .as(metric.name())
                    .extracting(Metric.Sample::labels)
                    .doesNotHaveDuplicates();
        }
        Map<String, String> a = Map.of("client", "a", "group", "trading");
        assertThat(value(metrics, "holdfast.client.last.message.age", a)).isEqualTo(1);
    }

    /** A row is: names, kind, unit, meaning. */
    @Test
    void readmeNamesEveryMetric() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            String[] cells = line.split("\\|", -1);
            if (line.startsWith("| `")) {
                Pattern.compile("`([^`]+)`")
                        .matcher(cells[1])
                        .results()
                        .forEach(name -> rows.put(name.group(1), cells[2].strip() + " " + cells[3].strip()));
            }
        }
        Map<String, String> declared = new TreeMap<>();
        Catalogue.of(List.of(), List.of())
                .forEach(m -> declared.put(m.name(), m.kind().name().toLowerCase(Locale.ROOT) + " " + m.unit()));
        assertThat(rows).isEqualTo(declared);
    }
}
