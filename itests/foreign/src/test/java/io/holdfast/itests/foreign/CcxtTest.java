// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ccxt on Node.js, for Deribit and Binance: {@code node} and {@code npm} must be there, and npm's registry once. */
class CcxtTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path HOME = Path.of("target", "ccxt").toAbsolutePath();

    @BeforeAll
    static void install() throws Exception {
        Files.createDirectories(HOME);
        for (String file : List.of("package.json", "client.mjs")) {
            Files.copy(Path.of("src", "test", "ccxt", file), HOME.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(HOME.resolve("node_modules").resolve("ccxt"))) {
            Process npm = new ProcessBuilder(
                            "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")
                    .directory(HOME.toFile())
                    .inheritIO()
                    .start();
            if (!npm.waitFor(5, TimeUnit.MINUTES)) {
                npm.destroyForcibly();
                throw new AssertionError("npm install took longer than 5 minutes");
            }
            assertThat(npm.exitValue()).as("exit of npm").isZero();
        }
    }

    private static Process client(String exchange, String uri, Path out) throws IOException {
        ProcessBuilder node = new ProcessBuilder("node", "client.mjs", exchange, uri)
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        // Loopback only, whatever this machine's way to the outside is.
        node.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        return node.start();
    }

    /** What the client said, by its first two words. */
    private static Map<String, Integer> said(Path out) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (Stream<String> lines = Files.lines(out)) {
            lines.map(line -> line.split(" "))
                    .filter(words -> words.length > 2)
                    .forEach(words -> counts.merge(words[0] + " " + words[1], 1, Integer::sum));
        }
        return counts;
    }

    private static void awaitData(Path out, Set<String> kinds, Map<String, Integer> before) {
        await("data of " + kinds).atMost(LIMIT).until(() -> {
            Map<String, Integer> now = said(out);
            return kinds.stream()
                    .allMatch(k -> now.getOrDefault("data " + k, 0) > before.getOrDefault("data " + k, 0) + 3);
        });
    }

    @Test
    void deribitLogsInSubscribesReadsAndComesBackAfterACut() throws Exception {
        Set<String> kinds = Set.of("trades", "ticker", "book", "portfolio");
        Path out = HOME.resolve("deribit.out");
        try (Simulator simulator =
                Simulator.start(SimulatorOptions.builder().rate(20).build())) {
            Process node = client("deribit", simulator.uri("/ws/api/v2").toString(), out);
            try {
                Session first = simulator.awaitOpen(1, LIMIT).get(0);
                awaitData(out, kinds, Map.of());
                assertThat(simulator.deribit().state(first.number()).authenticated())
                        .isTrue();
                Set<String> channels = simulator.deribit().state(first.number()).subscriptions();

                simulator.faults().reset();
                Session second = simulator.awaitOpenAfter(first.number(), LIMIT);
                awaitData(out, kinds, said(out));
                assertThat(simulator.deribit().state(second.number()).authenticated())
                        .isTrue();
                assertThat(simulator.deribit().state(second.number()).subscriptions())
                        .isEqualTo(channels);
                System.out.println("ccxt deribit: " + said(out) + ", set_heartbeat "
                        + simulator.deribit().state(second.number()).setHeartbeats() + " times, channels " + channels);
            } finally {
                node.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void binanceSubscribesAnswersPingsReadsAndComesBackAfterACut() throws Exception {
        Set<String> kinds = Set.of("trades", "ticker");
        Path out = HOME.resolve("binance.out");
        try (Simulator simulator = Simulator.start(SimulatorOptions.builder()
                .rate(20)
                .heartbeatUnit(Duration.ofMillis(50))
                .build())) {
            Process node = client("binance", simulator.uri("/ws").toString(), out);
            try {
                Session first = simulator.awaitOpen(1, LIMIT).get(0);
                awaitData(out, kinds, Map.of());
                await("three right pongs")
                        .atMost(LIMIT)
                        .until(() -> simulator.binance().state(first.number()).pongsMatched() >= 3);

                simulator.faults().reset();
                simulator.awaitOpenAfter(first.number(), LIMIT);
                awaitData(out, kinds, said(out));
                System.out.println("ccxt binance: " + said(out) + ", connections " + simulator.accepts());
            } finally {
                node.destroyForcibly().waitFor();
            }
        }
    }
}
