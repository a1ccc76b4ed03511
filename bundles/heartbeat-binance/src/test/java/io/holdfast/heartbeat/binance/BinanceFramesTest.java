// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.binance;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frames are taken, by the rule that {@link FramePattern} states. */
class BinanceFramesTest {
    private static final HeartbeatProfile PROFILE =
            BinanceProfile.of(BinanceSettings.of(BinanceSettings.OPTIONS.parse(Map.of())));

    private static Optional<String> match(String frame) {
        return PROFILE.patterns().stream()
                .filter(p -> frame.getBytes(StandardCharsets.UTF_8).length <= p.maxLength())
                .filter(p -> p.contains().stream().allMatch(frame::contains))
                .map(FramePattern::name)
                .findFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bare     | {\"e\":\"serverShutdown\",\"E\":1789344931552}",
                "bare     | {\"E\": 1789344931552, \"e\": \"serverShutdown\"}",
                "combined | {\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1789344931552}}",
                "combined | { \"data\": { \"E\": 1789344931552, \"e\": \"serverShutdown\" }, \"stream\": \"!serverShutdown\" }",
                "api      | {\"event\":{\"e\":\"serverShutdown\",\"E\":1789344931552}}",
                "api      | {\"subscriptionId\": 0, \"event\": {\"E\": 1789344931552, \"e\": \"serverShutdown\"}}",
            })
    void notices(String shape, String frame) {
        assertThat(match(frame)).contains("serverShutdown/" + shape);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"result\":null,\"id\":1}",
                "{\"result\":[\"!serverShutdown\"],\"id\":3}",
                "{\"code\":2,\"msg\":\"Invalid request: unknown variant serverShutdown\",\"id\":3}",
                "{\"e\":\"aggTrade\",\"E\":1789344931552,\"s\":\"BTCUSDT\",\"p\":\"1\",\"q\":\"1\"}",
            })
    void nothingElse(String frame) {
        assertThat(match(frame)).isEmpty();
    }

    /** Recordings of others, where the machine has them ({@code -Dholdfast.market-data=DIR}): no data frame is taken. */
    @Test
    void recordings() throws IOException {
        String given = System.getProperty("holdfast.market-data", "");
        Path data = given.isEmpty() ? Path.of("..", "..", "..", "shared", "market-data") : Path.of(given);
        Assumptions.assumeTrue(
                Files.isDirectory(data), "no recordings here: give their place with -Dholdfast.market-data=DIR");
        int frames = 0;
        for (Path file : files(data.resolve("binance"))) {
            for (String line : Files.readAllLines(file)) {
                JsonObject entry = JsonParser.parseString(line).getAsJsonObject();
                if (entry.get("dir").getAsString().equals("recv")) {
                    frames++;
                    String frame = entry.get("frame").getAsString();
                    assertThat(match(frame)).as(frame).isEmpty();
                }
            }
        }
        assertThat(frames).isGreaterThan(100);
    }

    private static List<Path> files(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(f -> f.toString().endsWith(".jsonl")).toList();
        }
    }
}
