// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.exchange.binance.depth.DepthJoin.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Books of Binance that others recorded, with the snapshots that were taken in the same session, where the machine has them
 * ({@code -Dholdfast.market-data=DIR}).
 */
class RecordedDepthTest {
    private static final Pattern SYMBOL = Pattern.compile("symbol=([^&]+)");

    /** @param symbol of a snapshot; empty where the recording has one book only */
    private record Line(long time, boolean snapshot, String symbol, String frame) {}

    private Path binance;

    @BeforeEach
    void find() {
        String given = System.getProperty("holdfast.market-data", "");
        Path data = given.isEmpty() ? Path.of("..", "..", "..", "shared", "market-data") : Path.of(given);
        binance = data.resolve("binance");
        Assumptions.assumeTrue(
                Files.isDirectory(binance), "no recordings here: give their place with -Dholdfast.market-data=DIR");
    }

    /** Recordings by name, with the snapshots of a second file put in by their time. */
    private Map<String, List<Line>> recordings() throws IOException {
        Map<String, List<Line>> all = new TreeMap<>();
        try (Stream<Path> files = Files.list(binance)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace("-rest", "");
                if (name.startsWith("hft-") || name.startsWith("cryptofeed-")) {
                    all.computeIfAbsent(name, n -> new ArrayList<>()).addAll(lines(file));
                }
            }
        }
        all.values().forEach(lines -> lines.sort(Comparator.comparingLong(Line::time)));
        all.values().removeIf(lines -> lines.stream().noneMatch(Line::snapshot));
        return all;
    }

    private static List<Line> lines(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String text : Files.readAllLines(file)) {
            JsonObject line = JsonParser.parseString(text).getAsJsonObject();
            String dir = line.get("dir").getAsString();
            String frame = line.get("frame").getAsString();
            boolean snapshot = frame.startsWith("{\"lastUpdateId\"");
            if (snapshot || dir.equals("recv")) {
                Matcher symbol =
                        SYMBOL.matcher(line.has("url") ? line.get("url").getAsString() : "");
                lines.add(
                        new Line(line.get("t_ns").getAsLong(), snapshot, symbol.find() ? symbol.group(1) : "", frame));
            }
        }
        return lines;
    }

    /** One book while its recording is played. */
    private static final class Played {
        private final DepthJoin join = new DepthJoin(2000);
        private final DepthBook book;
        private int applied;
        private int asked;

        Played(DepthUpdate first) {
            book = new DepthBook(first.stream(), first.symbol());
        }

        void take(DepthUpdate update) {
            switch (join.update(update)) {
                case APPLY -> {
                    book.apply(update);
                    applied++;
                }
                case ASK_SNAPSHOT -> asked++;
                case HOLD, DROP -> {
                    // Nothing to do.
                }
            }
        }

        void take(DepthSnapshot snapshot) {
            assertThat(join.snapshot(snapshot)).isEqualTo(Verdict.APPLY);
            book.apply(snapshot);
            List<DepthUpdate> held = join.held();
            held.forEach(book::apply);
            applied += held.size();
        }
    }

    @Test
    @DisplayName("every recorded book joins its snapshot, asks once, and has the best prices that the ticker says")
    void booksAreJoined() throws IOException {
        int joined = 0;
        int changes = 0;
        int prices = 0;
        for (Map.Entry<String, List<Line>> recording : recordings().entrySet()) {
            Map<String, Played> books = new LinkedHashMap<>();
            Map<String, DepthSnapshot> early = new LinkedHashMap<>();
            for (Line line : recording.getValue()) {
                if (line.snapshot()) {
                    String symbol = line.symbol().isEmpty()
                            ? books.values().iterator().next().book.symbol()
                            : line.symbol();
                    DepthSnapshot snapshot = DepthSnapshot.parse(line.frame());
                    digits(line.frame(), snapshot);
                    if (books.containsKey(symbol)) {
                        books.get(symbol).take(snapshot);
                    } else {
                        early.put(symbol, snapshot);
                    }
                } else if (DepthFrames.isUpdate(ByteBuffer.wrap(line.frame().getBytes(StandardCharsets.UTF_8)))) {
                    DepthUpdate update = DepthUpdate.parse(line.frame());
                    Played played = books.computeIfAbsent(update.symbol(), s -> new Played(update));
                    played.take(update);
                    DepthSnapshot waiting = early.remove(update.symbol());
                    if (waiting != null) {
                        // Asked for before the first change: it still has to fit.
                        played.take(waiting);
                    }
                } else {
                    prices += ticker(line.frame(), books);
                }
            }
            for (Played played : books.values()) {
                if (played.join.joined()) {
                    joined++;
                    changes += played.applied;
                    assertThat(played.asked).as(played.book.toString()).isEqualTo(1);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "Recorded books of Binance: %d joined with their snapshots, %d changes applied, %d best prices equal to"
                        + " the ticker's of the same number%n",
                joined,
                changes,
                prices);
        assertThat(joined).isPositive();
        assertThat(changes).isPositive();
        assertThat(prices).isPositive();
    }

    private static void digits(String frame, DepthSnapshot snapshot) {
        for (DepthLevel level : snapshot.bids()) {
            String written = "[\"" + level.price().toPlainString() + "\",\""
                    + level.quantity().toPlainString() + "\"";
            assertThat(frame.contains(written)).as(written).isTrue();
        }
    }

    /** A ticker names the change of the book that it is of: with the same number both must have the same best prices. */
    private static int ticker(String frame, Map<String, Played> books) {
        JsonElement parsed = JsonParser.parseString(frame);
        if (!(parsed instanceof JsonObject object) || !(object.get("data") instanceof JsonObject data)) {
            return 0;
        }
        if (!object.get("stream").getAsString().endsWith("@bookTicker")) {
            return 0;
        }
        Played played = books.get(data.get("s").getAsString());
        if (played == null || !played.join.joined() || data.get("u").getAsLong() != played.book.position()) {
            return 0;
        }
        BigDecimal bid = new BigDecimal(data.get("b").getAsString());
        BigDecimal ask = new BigDecimal(data.get("a").getAsString());
        assertThat(played.book.bids().firstEntry())
                .as(frame)
                .isEqualTo(Map.entry(bid, new BigDecimal(data.get("B").getAsString())));
        assertThat(played.book.asks().firstEntry())
                .as(frame)
                .isEqualTo(Map.entry(ask, new BigDecimal(data.get("A").getAsString())));
        return 1;
    }
}
