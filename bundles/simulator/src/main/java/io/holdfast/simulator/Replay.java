// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * Reads recordings: one JSON object a line, with {@code dir} (only {@code recv} is played) and {@code frame} (the exact
 * text). Line by line, so that the size of a file does not matter. A frame comes out as it was recorded.
 */
public final class Replay implements Iterator<String>, AutoCloseable {

    private final Path file;
    private final BufferedReader reader;
    private long line;
    private String next;
    private boolean ended;

    private Replay(Path file) throws IOException {
        this.file = file;
        this.reader = Files.newBufferedReader(file);
    }

    /**
     * Opens a recording. It closes itself after the last frame.
     *
     * @throws UncheckedIOException when the file cannot be read; also later, from {@code hasNext}
     */
    public static Replay open(Path file) {
        try {
            return new Replay(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.getFileName(), e);
        }
    }

    /**
     * The recordings at a place.
     *
     * @param place a file, or a directory whose {@code .jsonl} files are taken in the order of their names
     * @throws UncheckedIOException when the directory cannot be read
     */
    public static List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> all = Files.list(place)) {
            return all.filter(f -> f.getFileName().toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + place.getFileName(), e);
        }
    }

    /** All frames of a list of recordings, one file after the other; each is opened when its turn comes. */
    public static Iterator<String> frames(List<Path> files) {
        return new Sequence(List.copyOf(files).iterator());
    }

    private static final class Sequence implements Iterator<String>, AutoCloseable {
        private final Iterator<Path> rest;
        private Replay current;

        private Sequence(Iterator<Path> files) {
            rest = files;
        }

        @Override
        public boolean hasNext() {
            while (current == null || !current.hasNext()) {
                if (!rest.hasNext()) {
                    return false;
                }
                current = open(rest.next());
            }
            return true;
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return current.next();
        }

        @Override
        public void close() {
            if (current != null) {
                current.close();
            }
        }
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && !ended) {
                String text = reader.readLine();
                if (text == null) {
                    ended = true;
                    reader.close();
                    return false;
                }
                line++;
                if (!text.isBlank()) {
                    next = frame(text);
                }
            }
            return next != null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.getFileName() + " after line " + line, e);
        }
    }

    private String frame(String text) {
        JsonElement parsed;
        try {
            parsed = JsonParser.parseString(text);
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(file.getFileName() + ", line " + line + " is not JSON", e);
        }
        if (!(parsed instanceof JsonObject entry) || !entry.has("dir") || !entry.has("frame")) {
            throw new IllegalArgumentException(file.getFileName() + ", line " + line + " has no dir and frame");
        }
        return entry.get("dir").getAsString().equals("recv")
                ? entry.get("frame").getAsString()
                : null;
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        String frame = next;
        next = null;
        return frame;
    }

    @Override
    public void close() {
        ended = true;
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing " + file.getFileName() + " failed", e);
        }
    }
}
