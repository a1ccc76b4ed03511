// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.exchange.binance.BinanceExchange;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Frames of Binance that others recorded, where the machine has them ({@code -Dholdfast.market-data=DIR}). */
class RecordedBinanceTest {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final Pattern CHANGES = Pattern.compile("[^@]+@depth(@\\d+ms)?");

    /** By file; what was written by hand with placeholders is no JSON, and counted only. */
    private final Map<String, List<String>> recordings = new LinkedHashMap<>();

    private int placeholders;

    private static ExchangeProtocol protocol(String uri) {
        BinanceExchange binance = new BinanceExchange();
        return binance.open(
                new ExchangeContext("c", URI.create(uri), binance.options().parse(Map.of("exchange.silence", ""))));
    }

    /** The recordings of USD-M are from before its paths were split, and have streams of all of them. */
    private static ExchangeProtocol streams(String file) {
        boolean futures = file.contains("futures")
                || file.contains("delivery")
                || file.contains("usdm")
                || file.contains("coinm");
        return protocol(futures ? "wss://dstream.binance.com/stream" : "wss://stream.binance.com/stream");
    }

    @BeforeEach
    void read() throws IOException {
        String given = System.getProperty("holdfast.market-data", "");
        Path data = given.isEmpty() ? Path.of("..", "..", "..", "shared", "market-data") : Path.of(given);
        Path binance = data.resolve("binance");
        Assumptions.assumeTrue(
                Files.isDirectory(binance), "no recordings here: give their place with -Dholdfast.market-data=DIR");
        try (Stream<Path> files = Files.list(binance)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
                List<String> frames = new ArrayList<>();
                for (String line : Files.readAllLines(file)) {
                    JsonObject entry = JsonParser.parseString(line).getAsJsonObject();
                    String frame = entry.get("frame").getAsString();
                    boolean recorded = entry.get("dir").getAsString().equals("recv");
                    boolean marked = file.toString().contains("conversations") && !frame.startsWith("{\"");
                    if (recorded && !marked && !frame.contains("|1|")) {
                        frames.add(frame);
                    } else if (recorded) {
                        placeholders++;
                    }
                }
                recordings.put(file.getFileName().toString(), frames);
            }
        }
    }

    private static String stream(JsonElement frame) {
        return frame instanceof JsonObject object && object.has("stream")
                ? object.get("stream").getAsString()
                : "";
    }

    private static String stream(String frame) {
        return stream(JsonParser.parseString(frame));
    }

    @Test
    @DisplayName("every frame is told apart as data, answer or neither; digits are kept")
    void everyFramePasses() {
        int data = 0;
        int answers = 0;
        int others = 0;
        int unnamed = 0;
        long numbers = 0;
        for (Map.Entry<String, List<String>> file : recordings.entrySet()) {
            ExchangeProtocol market = streams(file.getKey());
            ExchangeProtocol api = protocol("wss://ws-api.binance.com/ws-api/v3");
            for (String frame : file.getValue()) {
                JsonElement parsed = JsonParser.parseString(frame);
                numbers += digitsKept(frame, parsed);
                String name = stream(parsed);
                List<String> handedOn = new ArrayList<>();
                Streams streams = new Streams();
                boolean possible = !name.isEmpty() && want(market, streams, name);
                new FrameTap(1, market.profile(), streams, owner(handedOn, () -> {})).takes(bytes(frame), 1);
                if (!name.isEmpty()) {
                    assertThat(handedOn).as(frame).isEmpty();
                    data++;
                    unnamed += possible ? 0 : 1;
                    if (possible) {
                        assertThat(streams.get(name).lastOn(1)).as(frame).isEqualTo(1);
                    }
                } else if (market.decode(frame) instanceof Answer answer) {
                    assertThat(handedOn).as(frame).containsExactly(frame);
                    assertThat(answer.accepted()).as(frame).isTrue();
                    answers++;
                } else if (api.decode(frame) instanceof Answer) {
                    answers++;
                } else {
                    others++;
                }
            }
        }
        System.out.printf(
                "Recorded frames of Binance: %d data (%d of streams that cannot be asked for), %d answers, %d others,"
                        + " %d left out for placeholders; %d numbers with all their digits%n",
                data, unnamed, answers, others, placeholders, numbers);
        assertThat(data).isPositive();
        assertThat(answers).isPositive();
    }

    /** Recordings have names of their recorder's making, too. */
    private static boolean want(ExchangeProtocol protocol, Streams streams, String name) {
        try {
            streams.want(List.of(protocol.channel(name)));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Every number of the parsed frame is written as the frame writes it. */
    private static long digitsKept(String frame, JsonElement parsed) {
        Set<String> written = new LinkedHashSet<>(
                NUMBER.matcher(frame).results().map(r -> r.group()).toList());
        List<String> read =
                NUMBER.matcher(parsed.toString()).results().map(r -> r.group()).toList();
        for (String number : read) {
            assertThat(written).as(frame).contains(number);
            assertThat(new BigDecimal(number)).isNotNull();
        }
        return read.size();
    }

    @Test
    @DisplayName("recorded books show no gaps; with messages taken out at random exactly those are found")
    void recordedBooksShowNoGaps() {
        int chains = 0;
        int links = 0;
        int taken = 0;
        int old = 0;
        int rounds = 0;
        Random random = new Random(7);
        for (Map.Entry<String, List<String>> file : recordings.entrySet()) {
            if (!file.getKey().startsWith("cryptofeed") && !file.getKey().startsWith("hft")) {
                // The others are single frames of many sources, not one connection.
                continue;
            }
            List<String> frames = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (String frame : file.getValue()) {
                String name = stream(frame);
                if (CHANGES.matcher(name).matches()) {
                    frames.add(frame);
                    names.add(name);
                }
            }
            if (frames.isEmpty()) {
                continue;
            }
            Run whole = run(file.getKey(), frames, names, Set.of());
            assertThat(whole.gaps()).as(file.getKey()).isEmpty();
            old += whole.old();
            int books = (int) names.stream().distinct().count();
            chains += books;
            links += frames.size() - books;
            for (int round = 0; round < 20; round++) {
                Set<Integer> without = new LinkedHashSet<>();
                for (int i = 0; i < frames.size(); i++) {
                    if (random.nextInt(10) == 0) {
                        without.add(i);
                    }
                }
                List<Integer> expected = holes(names, without);
                assertThat(run(file.getKey(), frames, names, without).gaps())
                        .as(file.getKey())
                        .isEqualTo(expected);
                taken += without.size();
                rounds++;
            }
        }
        System.out.printf(
                "Recorded books of Binance: %d chains with %d links, no gap, %d repeated; in %d rounds %d messages taken"
                        + " out, every hole found and no other%n",
                chains, links, old, rounds, taken);
        assertThat(chains).isPositive();
        assertThat(taken).isPositive();
    }

    /** Where the first message behind each hole is: what is missing before a book's first message nobody can know. */
    private static List<Integer> holes(List<String> names, Set<Integer> without) {
        List<Integer> found = new ArrayList<>();
        Map<String, Boolean> missing = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!without.contains(i)) {
                if (missing.getOrDefault(name, false)) {
                    found.add(i);
                }
                missing.put(name, false);
            } else if (missing.containsKey(name)) {
                missing.put(name, true);
            }
        }
        return found;
    }

    private record Run(List<Integer> gaps, long old) {}

    private static Run run(String file, List<String> frames, List<String> names, Set<Integer> without) {
        ExchangeProtocol protocol = streams(file);
        Streams streams = new Streams();
        names.stream().distinct().forEach(n -> streams.want(List.of(protocol.channel(n))));
        List<Integer> gaps = new ArrayList<>();
        int[] at = new int[1];
        FrameTap tap = new FrameTap(1, protocol.profile(), streams, owner(new ArrayList<>(), () -> gaps.add(at[0])));
        for (int i = 0; i < frames.size(); i++) {
            at[0] = i;
            if (!without.contains(i)) {
                tap.takes(bytes(frames.get(i)), 1);
            }
        }
        return new Run(
                gaps,
                streams.all().stream()
                        .mapToLong(io.holdfast.client.exchange.Stream::old)
                        .sum());
    }

    private static FrameTap.Owner owner(List<String> handedOn, Runnable gap) {
        return new FrameTap.Owner() {
            @Override
            public void frame(long connection, String text) {
                handedOn.add(text);
            }

            @Override
            public void gap(long connection, String channel, long from, long to) {
                assertThat(from).isLessThanOrEqualTo(to);
                gap.run();
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
}
