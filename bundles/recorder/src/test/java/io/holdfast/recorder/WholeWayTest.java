// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.transport.Secret;
import io.holdfast.client.Holdfast;
import io.holdfast.simulator.Recording;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Deribit session over sockets, in plain Java: recorded, cut, and played by the simulator to another client. */
class WholeWayTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PATH = "/ws/api/v2";
    private static final String TRADES = "trades.BTC-PERPETUAL.raw";

    @TempDir
    Path directory;

    private static Simulator simulator() {
        return Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(Duration.ofMillis(500))
                .rate(100)
                .client("tester", "planted-secret")
                .build());
    }

    private static ClientOptions options(URI uri, String auth) {
        return ClientOptions.uri(uri.toString())
                .heartbeat("deribit", Map.of("interval", "5s", "unit", "500ms", "round.trip", "10s"))
                // A busy machine is no fault of a plugin.
                .option("plugin.limit", "10s")
                .option("credentials", "desk")
                .option("client.id", "desk")
                .option("reconnect.floor", "10ms")
                .option("reconnect.initial", "10ms")
                .option("exchange.type", "deribit")
                .option("exchange.auth", auth)
                .option("exchange.channels", List.of(TRADES))
                .build();
    }

    private static void credentials(Holdfast holdfast) {
        holdfast.addCredentials(name -> Map.of(
                "exchange.client.id", Secret.of("tester".toCharArray()),
                "exchange.client.secret", Secret.of("planted-secret".toCharArray())));
    }

    private List<JsonObject> lines() throws Exception {
        List<JsonObject> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("frames.jsonl"))) {
            lines.add(JsonParser.parseString(line).getAsJsonObject());
        }
        return lines;
    }

    private static boolean data(String text) {
        return text.contains("\"subscription\"");
    }

    @Test
    void K1_aSessionIsRecordedAndPlayed() throws Exception {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        try (Recorder recorder = Recorder.start(RecorderOptions.in(directory));
                Simulator exchange = simulator();
                Holdfast holdfast = Holdfast.start()) {
            credentials(holdfast);
            holdfast.addFrameObserver(recorder);
            WebSocketClient client =
                    holdfast.clients().open(options(exchange.uri(PATH), "client_credentials"), m -> seen.add(m.text()));
            client.opened().toCompletableFuture().get(30, TimeUnit.SECONDS);
            client.exchange()
                    .orElseThrow()
                    .call(Call.of("public/get_time", ""))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            await().atMost(LIMIT).until(() -> seen.size() > 50);
            exchange.faults().reset();
            await().atMost(LIMIT).until(() -> client.metrics().opens() == 2);
            int before = seen.size();
            await().atMost(LIMIT).until(() -> seen.size() > before + 50);
            holdfast.close();
        }
        List<JsonObject> lines = lines();
        String whole = lines.toString();
        assertThat(whole).contains("public/auth").doesNotContain("planted-secret");
        assertThat(lines)
                .anyMatch(l -> l.get("dir").getAsString().equals("send")
                        && l.get("frame").getAsString().contains("public/get_time"));
        JsonObject answer = lines.stream()
                .filter(l -> l.get("frame").getAsString().contains("access_token"))
                .findFirst()
                .orElseThrow();
        assertThat(answer.get("dir").getAsString()).isEqualTo("recv");
        JsonObject result = JsonParser.parseString(answer.get("frame").getAsString())
                .getAsJsonObject()
                .getAsJsonObject("result");
        assertThat(result.get("access_token").getAsString()).isEqualTo("***");
        assertThat(result.get("refresh_token").getAsString()).isEqualTo("***");
        assertThat(lines.stream().map(l -> l.get("connection").getAsLong()).distinct())
                .containsExactly(1L, 2L);
        List<String> recordedData = lines.stream()
                .map(l -> l.get("frame").getAsString())
                .filter(WholeWayTest::data)
                .toList();
        List<String> got = seen.stream().filter(WholeWayTest::data).toList();
        assertThat(recordedData).startsWith(got.toArray(String[]::new));

        play(recordedData);
        times();
    }

    /** Another log-in, other requests, the same data. */
    private void play(List<String> recordedData) throws Exception {
        ConcurrentLinkedQueue<String> played = new ConcurrentLinkedQueue<>();
        try (Simulator replay = simulator();
                Holdfast holdfast = Holdfast.start()) {
            credentials(holdfast);
            replay.replay(PATH, Recording.of(directory, "desk"), 1_000);
            WebSocketClient client =
                    holdfast.clients().open(options(replay.uri(PATH), "client_signature"), m -> played.add(m.text()));
            await().atMost(LIMIT).until(() -> played.size() >= recordedData.size());
            assertThat(client.metrics().losses()).isZero();
        }
        assertThat(played).containsExactlyElementsOf(recordedData);
    }

    private void times() {
        Iterator<Recording.Frame> frames = Recording.of(directory, "").open();
        long last = 0;
        while (frames.hasNext()) {
            Recording.Frame frame = frames.next();
            assertThat(frame.epochNanos()).isGreaterThanOrEqualTo(last - 1_000_000_000L);
            last = frame.epochNanos();
        }
        assertThat(Recording.of(directory, "somebody").texts().hasNext()).isFalse();
    }
}
