// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What a recorder wrote of one client, to be played: the text messages that came in and were data. Answers to requests and
 * heartbeats are left out, as whoever plays it answers and beats by itself; so are binary messages and control frames. Read line
 * by line; a line that ends within its JSON, because the process ended while it was written, is left out.
 *
 * @param files in the order in which they were written, see {@link Replay#files}
 * @param client whose frames; empty for everybody's
 * @param connection number of the connection; 0 for all, one after another
 */
public record Recording(List<Path> files, String client, long connection) {
    public Recording {
        files = List.copyOf(files);
    }

    /** Everything of one client. */
    public static Recording of(Path place, String client) {
        return new Recording(Replay.files(place), client, 0);
    }

    /**
     * A message as it was read.
     *
     * @param epochNanos when, nanoseconds since 1970
     */
    public record Frame(long epochNanos, String text) {}

    /** The texts without their times, for a pace of its own. As with {@link #open}. */
    public Iterator<String> texts() {
        return new Texts(new Frames(files.iterator()));
    }

    private record Texts(Frames frames) implements Iterator<String>, AutoCloseable {
        @Override
        public boolean hasNext() {
            return frames.hasNext();
        }

        @Override
        public String next() {
            return frames.next().text();
        }

        @Override
        public void close() throws IOException {
            frames.close();
        }
    }

    /**
     * From the beginning. The file is closed after its last line; what is given is {@link AutoCloseable}, for who ends before.
     *
     * @return throws {@link UncheckedIOException} when a file cannot be read, and {@link IllegalArgumentException} naming file
     *     and line when one is damaged otherwise, or it is no recording
     */
    public Iterator<Frame> open() {
        return new Frames(files.iterator());
    }

    private final class Frames implements Iterator<Frame>, AutoCloseable {
        private final Iterator<Path> rest;
        private Path file;
        private BufferedReader reader;
        private long line;
        private Frame next;

        private Frames(Iterator<Path> rest) {
            this.rest = rest;
        }

        @Override
        public boolean hasNext() {
            try {
                while (next == null) {
                    if (reader == null) {
                        if (!rest.hasNext()) {
                            return false;
                        }
                        file = rest.next();
                        // Not strict: a line may be cut off within a character.
                        reader = new BufferedReader(
                                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
                        line = 0;
                    }
                    read();
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file.getFileName() + " after line " + line, e);
            }
        }

        private void read() throws IOException {
            String text = reader.readLine();
            if (text == null) {
                reader.close();
                reader = null;
                return;
            }
            line++;
            if (!text.isBlank()) {
                next = frame(text).orElse(null);
            }
        }

        private Optional<Frame> frame(String text) {
            JsonElement parsed;
            try {
                parsed = JsonParser.parseString(text);
            } catch (JsonParseException e) {
                if (CutLine.is(text)) {
                    return Optional.empty();
                }
                throw new IllegalArgumentException(file.getFileName() + ", line " + line + " is not JSON", e);
            }
            if (!(parsed instanceof JsonObject entry)
                    || !entry.has("dir")
                    || !entry.has("frame")
                    || !entry.has("t_ns")) {
                throw new IllegalArgumentException(
                        file.getFileName() + ", line " + line + " has no t_ns, dir and frame");
            }
            String frame = entry.get("frame").getAsString();
            return wanted(entry) && data(frame)
                    ? Optional.of(new Frame(entry.get("t_ns").getAsLong(), frame))
                    : Optional.empty();
        }

        @Override
        public Frame next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Frame frame = next;
            next = null;
            return frame;
        }

        /** There is nothing more after it. */
        @Override
        public void close() throws IOException {
            rest.forEachRemaining(skipped -> {});
            if (reader != null) {
                reader.close();
                reader = null;
            }
        }
    }

    private boolean wanted(JsonObject entry) {
        return entry.get("dir").getAsString().equals("recv")
                && entry.has("kind")
                && entry.get("kind").getAsString().equals("text")
                && (client.isEmpty() || entry.get("client").getAsString().equals(client))
                && (connection == 0 || entry.get("connection").getAsLong() == connection);
    }

    /** Neither the answer to a request nor a heartbeat. */
    private static boolean data(String frame) {
        try {
            if (JsonParser.parseString(frame) instanceof JsonObject message) {
                boolean answer = message.has("id") && (message.has("result") || message.has("error"));
                boolean beat = message.has("method")
                        && message.get("method").isJsonPrimitive()
                        && message.get("method").getAsString().equals("heartbeat");
                return !answer && !beat;
            }
            return true;
        } catch (JsonParseException e) {
            return true; // no JSON, so no answer either
        }
    }
}
