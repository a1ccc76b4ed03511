// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.itests.support.Launched;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar holdfast.jar} as a user starts it. */
@Tag("runnable-jar")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LauncherIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void runs_two_supervised_clients_and_closes_them_in_an_orderly_way_at_a_signal() throws Exception {
        try (Launched run = Launched.start(directory)) {
            // Clients become ready by themselves: before or after the launcher says that it is.
            List<String> lines = run.readUntil(List.of("holdfast: ready", "deribit READY", "binance READY"));
            assertThat(lines)
                    .as(run.errors())
                    .anyMatch(line -> line.startsWith("holdfast: ready"))
                    .anyMatch(line -> line.contains("deribit READY"))
                    .anyMatch(line -> line.contains("binance READY"));

            run.terminate();

            assertThat(run.readAll())
                    .contains(
                            "holdfast: /ws/api/v2 closed, the simulator saw 1000",
                            "holdfast: /stream closed, the simulator saw 1000");
            assertThat(run.exitCode()).isEqualTo(Launched.TERMINATED);
            assertThat(run.temporaryFiles()).as("files left behind").isEmpty();
            assertThat(complaints(run))
                    .doesNotContain("WARN", "ERROR", "Exception", "SLF4J", "EventAdmin", "holdfast:");
        }
    }

    @Test
    void holds_the_clients_of_the_users_configuration_without_a_simulator_of_its_own() throws Exception {
        try (Simulator server = Simulator.start()) {
            Path file = configuration("""
                    // A client in no group.
                    "io.holdfast.client~mine": { "uri": "%s" }
                    """.formatted(server.uri("/generic/mine")));
            try (Launched run = Launched.start(directory, "--config", file.toString())) {
                run.readUntil(List.of("holdfast: ready", "mine READY"));
                Session session = server.awaitOpen(1, LIMIT).get(0);

                run.terminate();

                AcceptRecord end = session.awaitEnd(LIMIT);
                assertThat(end.end()).isEqualTo(AcceptRecord.End.CLIENT_CLOSE);
                assertThat(end.closeCode()).isEqualTo(1000);
                assertThat(run.exitCode()).isEqualTo(Launched.TERMINATED);
                assertThat(run.readAll()).noneMatch(line -> line.contains("deribit"));
            }
        }
    }

    @Test
    void ends_in_an_orderly_way_when_a_group_escalates_to_the_framework() throws Exception {
        try (Simulator server = Simulator.start()) {
            Path file = configuration("""
                    "io.holdfast.supervisor~last": { "intensity": 0, "escalation": "framework" },
                    "io.holdfast.client~sound": { "uri": "%s", "supervisor.group": "last" },
                    "io.holdfast.client~failing": {
                      "uri": "%s", "supervisor.group": "last", "child.restart": "permanent", "reconnect.attempts": 1
                    }
                    """.formatted(server.uri("/generic/sound"), server.uri("/generic/failing")));
            try (Launched run = Launched.start(directory, "--config", file.toString())) {
                run.readUntil(List.of("holdfast: ready", "sound READY", "failing READY"));
                Session sound = server.open("/generic/sound").get(0);

                server.faults().on("/generic/failing").reset();

                AcceptRecord end = sound.awaitEnd(LIMIT);
                assertThat(end.end()).isEqualTo(AcceptRecord.End.CLIENT_CLOSE);
                assertThat(end.closeCode())
                        .as("stopped by its group, before the framework")
                        .isEqualTo(1001);
                run.readAll();
                run.exitCode();
                assertThat(run.errors()).contains("last", "too many restarts, the last of child 'failing'");
                assertThat(run.temporaryFiles()).as("files left behind").isEmpty();
            }
        }
    }

    @Test
    void supervised_clients_are_stopped_by_rule_before_the_first_bundle_when_the_framework_stops_itself()
            throws Exception {
        try (Simulator server = Simulator.start()) {
            Path file = configuration("""
                    "io.holdfast.supervisor~quick": { },
                    "io.holdfast.supervisor~upper": { },
                    "io.holdfast.supervisor~lower": { "parent": "upper" },
                    "io.holdfast.supervisor~last": { "intensity": 0, "escalation": "framework" },
                    "io.holdfast.client~one": { "uri": "%s", "supervisor.group": "quick" },
                    "io.holdfast.client~two": { "uri": "%s", "supervisor.group": "lower" },
                    "io.holdfast.client~failing": {
                      "uri": "%s", "supervisor.group": "last", "child.restart": "permanent", "reconnect.attempts": 1
                    }
                    """.formatted(
                            server.uri("/generic/one"), server.uri("/generic/two"), server.uri("/generic/failing")));
            try (Launched run = Launched.start(directory, "--config", file.toString())) {
                run.readUntil(List.of("holdfast: ready", "one READY", "two READY", "failing READY"));
                Session one = server.open("/generic/one").get(0);
                Session two = server.open("/generic/two").get(0);

                server.faults().on("/generic/failing").reset();

                // The application, whose bundle stops first, would have said 1000.
                assertThat(one.awaitEnd(LIMIT).closeCode()).isEqualTo(1001);
                assertThat(two.awaitEnd(LIMIT).closeCode()).isEqualTo(1001);
                run.readAll();
                run.exitCode();
                assertThat(run.temporaryFiles()).as("files left behind").isEmpty();
            }
        }
    }

    @Test
    void runs_on_a_configuration_without_clients() throws Exception {
        try (Launched run =
                Launched.start(directory, "--config", configuration("").toString())) {
            run.readUntil(List.of("holdfast: ready"));

            run.terminate();

            assertThat(run.exitCode()).isEqualTo(Launched.TERMINATED);
            assertThat(run.temporaryFiles()).as("files left behind").isEmpty();
            assertThat(complaints(run))
                    .doesNotContain("WARN", "ERROR", "Exception", "SLF4J", "EventAdmin", "holdfast:");
        }
    }

    private Path configuration(String more) throws Exception {
        return Files.writeString(directory.resolve("mine.json"), """
                {
                  ":configurator:resource-version": 1,
                  ":configurator:symbolic-name": "mine",
                  ":configurator:version": "1.0.0"%s
                }
                """.formatted(more.isEmpty() ? "" : ",\n" + more));
    }

    @Test
    void a_mistake_in_the_configuration_is_shown_with_its_place() throws Exception {
        Path file = Files.writeString(directory.resolve("mine.json"), "{\n  \"a\": 1\n  \"b\": 2\n}\n");
        try (Launched run = Launched.start(directory, "--config", file.toString())) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.errors()).contains("holdfast: --config: " + file + " is not valid JSON: ", "line 3 column");
        }
    }

    @Test
    void help_names_every_option() throws Exception {
        try (Launched run = Launched.start(directory, "--help")) {
            assertThat(String.join("\n", run.readAll()))
                    .contains("--config FILE", "--demo", "--without PART", "--replay DIR");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void an_unknown_option_is_named() throws Exception {
        try (Launched run = Launched.start(directory, "--dmeo")) {
            assertThat(run.readAll()).isEmpty();
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.errors()).contains("unknown option '--dmeo'");
        }
    }

    /** What was complained of, but for what newer JVMs say of the framework's use of Unsafe. */
    private static String complaints(Launched run) throws IOException {
        return run.errors()
                .lines()
                .filter(line -> !line.contains("sun.misc.Unsafe")
                        && !line.contains("org.apache.felix.framework.util.SecureAction"))
                .collect(Collectors.joining("\n"));
    }
}
