// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.itests.support.Launched;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.Upgrade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server bans; the process is killed; another one with the same state comes up and waits until the ban is over. */
@Tag("runnable-jar")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class BanRestartIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void a_process_that_is_started_again_makes_no_attempt_before_the_ban_is_over() throws Exception {
        Path state = directory.resolve("state");
        try (Simulator server = Simulator.start()) {
            Path file = Files.writeString(directory.resolve("mine.json"), """
                    {
                      ":configurator:resource-version": 1,
                      ":configurator:symbolic-name": "mine",
                      ":configurator:version": "1.0.0",
                      "io.holdfast.client~mine": { "uri": "%s" }
                    }
                    """.formatted(server.uri("/generic/mine")));

            Duration ban;
            try (Launched first = launch("first", state, file)) {
                Instant begin = Instant.now();
                first.readUntil(List.of("mine READY"));
                // Longer than the second process takes to come up, however slow the machine.
                ban = Duration.between(begin, Instant.now())
                        .multipliedBy(3)
                        .plusSeconds(2)
                        .truncatedTo(ChronoUnit.SECONDS);
                server.faults().upgrades(1, Upgrade.retryAfter(418, ban.toSeconds()));
                server.session(1).orElseThrow().reset();
                server.awaitAccepts(2, LIMIT);
                await("the ban is kept")
                        .atMost(LIMIT)
                        .until(() -> Files.exists(state.resolve("endpoints").resolve("bans.txt")));
                first.kill();
            }

            Instant over = server.acceptLog().get(1).acceptedAt().plus(ban);
            try (Launched second = launch("second", state, file)) {
                second.readUntil(List.of("holdfast: ready"));
                assertThat(Instant.now()).as("it is up while the ban lasts").isBefore(over);
                second.readUntil(List.of("mine READY"));
                second.terminate();
                assertThat(second.exitCode()).as(second.errors()).isEqualTo(Launched.TERMINATED);
            }
            List<AcceptRecord> attempts = server.acceptLog();
            assertThat(attempts).hasSize(3);
            assertThat(attempts.get(2).acceptedAt()).isAfterOrEqualTo(over);
        }
    }

    private Launched launch(String name, Path state, Path configuration) throws Exception {
        return Launched.start(
                Files.createDirectories(directory.resolve(name)),
                List.of("-Dholdfast.state=" + state),
                "--config",
                configuration.toString());
    }
}
