// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.exchange.deribit.DeribitExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Frames of Deribit that others recorded, where the machine has them ({@code -Dholdfast.market-data=DIR}). */
class RecordedDeribitTest {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

    private final ExchangeProtocol protocol = protocol();

    /** By file. */
    private final Map<String, List<String>> recordings = new LinkedHashMap<>();

    private static ExchangeProtocol protocol() {
        DeribitExchange deribit = new DeribitExchange();
        return deribit.open(new ExchangeContext(
                "c",
                URI.create("wss://www.deribit.com/ws/api/v2"),
                deribit.options().parse(Map.of())));
    }

    @BeforeEach
    void read() throws IOException {
        String given = System.getProperty("holdfast.market-data", "");
        Path data = given.isEmpty() ? Path.of("..", "..", "..", "shared", "market-data") : Path.of(given);
        Path deribit = data.resolve("deribit");
        Assumptions.assumeTrue(
                Files.isDirectory(deribit), "no recordings here: give their place with -Dholdfast.market-data=DIR");
        try (Stream<Path> files = Files.list(deribit)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
                List<String> frames = new ArrayList<>();
                for (String line : Files.readAllLines(file)) {
                    JsonObject entry = JsonParser.parseString(line).getAsJsonObject();
                    if (entry.get("dir").getAsString().equals("recv")) {
                        frames.add(entry.get("frame").getAsString());
                    }
                }
                recordings.put(file.getFileName().toString(), frames);
            }
        }
    }

    private static String channel(String frame) {
        JsonObject object = JsonParser.parseString(frame).getAsJsonObject();
        return object.get("params") instanceof JsonObject params && params.has("channel")
                ? params.get("channel").getAsString()
                : "";
    }

    @Test
    @DisplayName("every frame is told apart as data, answer or neither; digits of answers are kept")
    void everyFramePasses() {
        int data = 0;
        int answers = 0;
        int others = 0;
        for (List<String> frames : recordings.values()) {
            for (String frame : frames) {
                List<String> handedOn = new ArrayList<>();
                Streams streams = new Streams();
                String channel = channel(frame);
                if (!channel.isEmpty()) {
                    streams.want(List.of(protocol.channel(channel)));
                }
                new FrameTap(1, protocol.profile(), streams, owner(handedOn, new ArrayList<>())).takes(bytes(frame), 1);
                if (!channel.isEmpty()) {
                    assertThat(handedOn).as(frame).isEmpty();
                    assertThat(streams.get(channel).lastOn(1)).as(frame).isEqualTo(1);
                    data++;
                } else if (protocol.decode(frame) instanceof Answer answer) {
                    if (answer.accepted()) {
                        String result = frame.substring(frame.indexOf("\"result\":") + 9);
                        assertThat(numbers(result)).as(frame).containsAll(numbers(answer.result()));
                    }
                    answers++;
                } else {
                    others++;
                }
            }
        }
        System.out.printf("Recorded frames of Deribit: %d data, %d answers, %d others%n", data, answers, others);
        assertThat(data).isPositive();
        assertThat(answers).isPositive();
    }

    @Test
    @DisplayName("recorded books show no gaps; with one message taken out exactly that one")
    void recordedBooksShowNoGaps() {
        int chains = 0;
        int links = 0;
        int found = 0;
        for (Map.Entry<String, List<String>> file : recordings.entrySet()) {
            List<String> frames = file.getValue();
            if (!file.getKey().startsWith("cryptofeed")) {
                // The others are single frames of many sources, not one connection.
                continue;
            }
            assertThat(gaps(frames, -1)).as(file.getKey()).isEmpty();
            Map<String, List<Integer>> books = new LinkedHashMap<>();
            for (int i = 0; i < frames.size(); i++) {
                if (channel(frames.get(i)).startsWith("book.")) {
                    books.computeIfAbsent(channel(frames.get(i)), c -> new ArrayList<>())
                            .add(i);
                }
            }
            for (Map.Entry<String, List<Integer>> book : books.entrySet()) {
                List<Integer> at = book.getValue();
                chains++;
                links += at.size() - 1;
                for (int i = 1; i < at.size() - 1; i++) {
                    boolean snapshotNext = !frames.get(at.get(i + 1)).contains("prev_change_id");
                    assertThat(gaps(frames, at.get(i))).isEqualTo(snapshotNext ? List.of() : List.of(book.getKey()));
                    found += snapshotNext ? 0 : 1;
                }
            }
        }
        System.out.printf(
                "Recorded books of Deribit: %d chains with %d links, no gap; %d messages taken out, each found%n",
                chains, links, found);
        assertThat(chains).isPositive();
    }

    private List<String> gaps(List<String> frames, int without) {
        Streams streams = new Streams();
        frames.stream()
                .map(RecordedDeribitTest::channel)
                .filter(c -> !c.isEmpty())
                .distinct()
                .forEach(c -> streams.want(List.of(protocol.channel(c))));
        List<String> gaps = new ArrayList<>();
        FrameTap tap = new FrameTap(1, protocol.profile(), streams, owner(new ArrayList<>(), gaps));
        for (int i = 0; i < frames.size(); i++) {
            if (i != without) {
                tap.takes(bytes(frames.get(i)), 1);
            }
        }
        return gaps;
    }

    private static FrameTap.Owner owner(List<String> handedOn, List<String> gaps) {
        return new FrameTap.Owner() {
            @Override
            public void frame(long connection, String text) {
                handedOn.add(text);
            }

            @Override
            public void gap(long connection, String channel, long from, long to) {
                gaps.add(channel);
            }

            @Override
            public void jump(String channel, long from, long to) {
                throw new AssertionError("no channel was away");
            }
        };
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> numbers(String text) {
        return NUMBER.matcher(text).results().map(r -> r.group()).toList();
    }
}
