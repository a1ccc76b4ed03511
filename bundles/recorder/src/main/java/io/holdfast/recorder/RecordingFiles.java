// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one directory: lines are appended to {@code frames.jsonl}, which becomes {@code frames-<number>.jsonl} when it is
 * full. What is there is never truncated. Their names sort in the order in which they were written. For one thread.
 */
final class RecordingFiles implements AutoCloseable {
    private static final String ACTIVE = "frames.jsonl";
    private static final Pattern FULL = Pattern.compile("frames-(\\d{10})\\.jsonl");
    private static final int BUFFER = 1 << 16;

    private final Path directory;
    private final long fileMaxBytes;
    private final int filesMax;
    private final FileChannel lock;
    private OutputStream out;
    private long size;

    /** Of what is in the buffer; more than it holds after a line that went past it. */
    private long buffered;

    /** @throws IOException also when another recorder writes there */
    RecordingFiles(Path directory, long fileMaxBytes, int filesMax) throws IOException {
        this.directory = directory;
        this.fileMaxBytes = fileMaxBytes;
        this.filesMax = filesMax;
        Files.createDirectories(directory);
        lock = FileChannel.open(
                directory.resolve("frames.lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                ownerOnly());
        try {
            if (!locked()) {
                throw new IOException("another recorder writes to this directory");
            }
            open();
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private boolean locked() throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Frames are an account's private matter. */
    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private void open() throws IOException {
        Path active = directory.resolve(ACTIVE);
        boolean broken = endsWithinLine(active);
        FileChannel channel =
                FileChannel.open(active, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownerOnly());
        size = channel.size();
        buffered = 0;
        out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
        if (broken) {
            out.write('\n');
            size++;
            buffered++;
        }
    }

    /** After a crash of the process: the next line must not be glued to a half one. */
    private static boolean endsWithinLine(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(in.length() - 1);
            return in.read() != '\n';
        }
    }

    /** Whether to append that line writes those before it, as it finds no room behind them in the buffer or in the file. */
    boolean isFlushedBy(byte[] line) {
        return buffered + line.length > BUFFER || isFullFor(line);
    }

    private boolean isFullFor(byte[] line) {
        return size > 0 && size + line.length > fileMaxBytes;
    }

    void append(byte[] line) throws IOException {
        if (isFullFor(line)) {
            rotate();
        }
        out.write(line);
        size += line.length;
        buffered += line.length;
    }

    void flush() throws IOException {
        out.flush();
        buffered = 0;
    }

    private void rotate() throws IOException {
        out.close();
        List<Path> full = full();
        long last = full.isEmpty() ? 0 : number(full.get(full.size() - 1));
        Files.move(
                directory.resolve(ACTIVE),
                directory.resolve(String.format(Locale.ROOT, "frames-%010d.jsonl", last + 1)));
        for (int i = 0; i <= full.size() - filesMax; i++) {
            Files.deleteIfExists(full.get(i));
        }
        open();
    }

    private List<Path> full() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> FULL.matcher(f.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private static long number(Path file) {
        Matcher matcher = FULL.matcher(file.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            lock.close();
        }
    }
}
