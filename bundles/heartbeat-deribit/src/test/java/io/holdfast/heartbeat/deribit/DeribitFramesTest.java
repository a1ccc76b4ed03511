// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frames are taken, by the rule that {@link FramePattern} states. */
class DeribitFramesTest {
    private static final HeartbeatProfile PROFILE =
            DeribitProfile.of(DeribitSettings.of(DeribitSettings.OPTIONS.parse(Map.of())));

    private static Optional<String> match(String frame) {
        return PROFILE.patterns().stream()
                .filter(p -> frame.getBytes(StandardCharsets.UTF_8).length <= p.maxLength())
                .filter(p -> p.contains().stream().allMatch(frame::contains))
                .map(FramePattern::name)
                .findFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"params\":{\"type\":\"test_request\"},\"method\":\"heartbeat\",\"jsonrpc\":\"2.0\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"heartbeat\",\"params\":{\"type\":\"test_request\"}}",
                "{ \"jsonrpc\": \"2.0\", \"method\": \"heartbeat\", \"params\": { \"type\": \"test_request\" } }",
            })
    void testRequest(String frame) {
        assertThat(match(frame)).contains("test_request");
    }

    @Test
    void heartbeat() {
        assertThat(match("{\"params\":{\"type\":\"heartbeat\"},\"method\":\"heartbeat\",\"jsonrpc\":\"2.0\"}"))
                .contains("heartbeat");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":\"a7\",\"result\":\"ok\",\"usIn\":1789344931552815,\"usOut\":1789344931552860,\"usDiff\":45,\"testnet\":true}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32602,\"data\":{\"reason\":\"value must be >= 10\",\"param\":\"interval\"},\"message\":\"Invalid params\"}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"user.heartbeat\",\"data\":{\"label\":\"test_request\"}}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"platform_state\",\"data\":{\"type\":\"heartbeat\"}}}",
            })
    void nothingElse(String frame) {
        assertThat(match(frame)).isEmpty();
    }

    /** Recordings of others, where the machine has them ({@code -Dholdfast.market-data=DIR}): only heartbeats are taken. */
    @Test
    void recordings() throws IOException {
        String given = System.getProperty("holdfast.market-data", "");
        Path data = given.isEmpty() ? Path.of("..", "..", "..", "shared", "market-data") : Path.of(given);
        Assumptions.assumeTrue(
                Files.isDirectory(data), "no recordings here: give their place with -Dholdfast.market-data=DIR");
        int frames = 0;
        int beats = 0;
        for (Path file : files(data.resolve("deribit"))) {
            for (String line : Files.readAllLines(file)) {
                JsonObject entry = JsonParser.parseString(line).getAsJsonObject();
                if (entry.get("dir").getAsString().equals("recv")) {
                    String frame = entry.get("frame").getAsString();
                    Optional<String> taken = match(frame);
                    frames++;
                    beats += taken.isPresent() ? 1 : 0;
                    assertThat(taken.isPresent()).as(frame).isEqualTo(isHeartbeat(frame));
                }
            }
        }
        assertThat(frames).isGreaterThan(100);
        assertThat(beats).isPositive();
    }

    private static boolean isHeartbeat(String frame) {
        JsonObject message;
        try {
            message = JsonParser.parseString(frame).getAsJsonObject();
        } catch (RuntimeException notJson) {
            // Fixtures with placeholders in them; none is a heartbeat.
            return false;
        }
        return message.has("method") && message.get("method").getAsString().equals("heartbeat");
    }

    private static List<Path> files(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(f -> f.toString().endsWith(".jsonl")).toList();
        }
    }
}
