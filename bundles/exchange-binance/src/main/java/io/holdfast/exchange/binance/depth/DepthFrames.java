// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads depth updates and snapshots without a tree. Pure. */
final class DepthFrames {
    private static final byte[] STREAM = "{\"stream\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEPTH = "@depth".getBytes(StandardCharsets.US_ASCII);

    /** Of a stream's name. */
    private static final int LONGEST_NAME = 128;

    /** Of a price or quantity; none of Binance's has a third of it. */
    private static final int LONGEST_NUMBER = 64;

    private static final long ABSENT = Long.MIN_VALUE;

    private DepthFrames() {}

    /** Whether a frame is of a stream of changes; partial books, {@code depth5} and so on, are none. Makes no text of it. */
    static boolean isUpdate(ByteBuffer frame) {
        int start = frame.position();
        if (!stands(STREAM, frame, start)) {
            return false;
        }
        int name = start + STREAM.length;
        int end = Math.min(frame.limit(), name + LONGEST_NAME);
        for (int i = name; i < end && frame.get(i) != '"'; i++) {
            if (frame.get(i) == '@') {
                int behind = i + DEPTH.length;
                return stands(DEPTH, frame, i)
                        && behind < frame.limit()
                        && (frame.get(behind) == '"' || frame.get(behind) == '@');
            }
        }
        return false;
    }

    private static boolean stands(byte[] literal, ByteBuffer frame, int at) {
        if (at + literal.length > frame.limit()) {
            return false;
        }
        for (int i = 0; i < literal.length; i++) {
            if (frame.get(at + i) != literal[i]) {
                return false;
            }
        }
        return true;
    }

    static DepthUpdate update(String frame) {
        try (JsonReader reader = reader(frame)) {
            String stream = null;
            Members data = null;
            reader.beginObject();
            while (reader.hasNext()) {
                switch (reader.nextName()) {
                    case "stream" -> stream = reader.nextString();
                    case "data" -> data = members(reader);
                    default -> reader.skipValue();
                }
            }
            end(reader);
            if (stream == null || data == null || data.symbol == null || data.first == ABSENT || data.last == ABSENT) {
                throw new IllegalArgumentException("a frame is no depth update");
            }
            long previous = data.previous == ABSENT ? DepthUpdate.NONE : data.previous;
            return new DepthUpdate(stream, data.symbol, data.first, data.last, previous, data.bids, data.asks);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new IllegalArgumentException("a frame is no depth update");
        }
    }

    static DepthSnapshot snapshot(String result) {
        try (JsonReader reader = reader(result)) {
            Members data = members(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT || data.id == ABSENT) {
                throw new IllegalArgumentException("an answer is no depth snapshot");
            }
            return new DepthSnapshot(data.id, data.bids, data.asks);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new IllegalArgumentException("an answer is no depth snapshot");
        }
    }

    private static JsonReader reader(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        return reader;
    }

    private static void end(JsonReader reader) throws IOException {
        reader.endObject();
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new IllegalArgumentException("a frame goes on after its JSON value");
        }
    }

    /** What one object says; filled while it is read. */
    private static final class Members {
        private String symbol;
        private long id = ABSENT;
        private long first = ABSENT;
        private long last = ABSENT;
        private long previous = ABSENT;
        private List<DepthLevel> bids = List.of();
        private List<DepthLevel> asks = List.of();
    }

    private static Members members(JsonReader reader) throws IOException {
        Members m = new Members();
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "s" -> m.symbol = reader.nextString();
                case "U" -> m.first = number(reader);
                case "u" -> m.last = number(reader);
                case "pu" -> m.previous = number(reader);
                case "lastUpdateId" -> m.id = number(reader);
                case "b", "bids" -> m.bids = levels(reader);
                case "a", "asks" -> m.asks = levels(reader);
                default -> reader.skipValue();
            }
        }
        reader.endObject();
        return m;
    }

    private static long number(JsonReader reader) throws IOException {
        long number = Long.parseLong(reader.nextString());
        if (number < 0) {
            throw new NumberFormatException("negative");
        }
        return number;
    }

    private static List<DepthLevel> levels(JsonReader reader) throws IOException {
        List<DepthLevel> levels = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            reader.beginArray();
            levels.add(new DepthLevel(decimal(reader), decimal(reader)));
            while (reader.hasNext()) {
                // Some markets once wrote a third, empty member.
                reader.skipValue();
            }
            reader.endArray();
        }
        reader.endArray();
        return levels;
    }

    private static BigDecimal decimal(JsonReader reader) throws IOException {
        String text = reader.nextString();
        if (text.length() > LONGEST_NUMBER) {
            throw new NumberFormatException("too long");
        }
        return new BigDecimal(text);
    }
}
