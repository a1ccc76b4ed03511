// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import io.holdfast.api.client.FrameObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.osgi.annotation.versioning.ProviderType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the frames of clients to files, one JSON object a line. In a container it is there when the configuration {@code
 * io.holdfast.recorder} is; in plain Java:
 *
 * <pre>{@code
 * try (Recorder recorder = Recorder.start(RecorderOptions.in(directory)); Holdfast holdfast = Holdfast.start()) {
 *   holdfast.addFrameObserver(recorder);
 *   ...
 * }
 * }</pre>
 *
 * <p>A frame is copied into a bounded buffer and written by a thread of its own: whoever reads or sends never waits for a disk.
 * What the buffer does not hold is dropped, counted, and noted in the file. Secrets are masked before they are written.
 */
@ProviderType
public final class Recorder implements FrameObserver, AutoCloseable {
    /** What a waiting frame costs besides its payload, bytes, roughly. */
    private static final int OVERHEAD = 96;

    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long ANCHOR_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long CLOSE_MILLIS = 5_000;

    private final Logger logger = LoggerFactory.getLogger(Recorder.class);
    private final RecorderOptions options;
    private final Masking masking;

    /** Without a lock, so that no reader ever waits for a writer that was put aside while holding one. */
    private final Queue<Line.Frame> waiting = new ConcurrentLinkedQueue<>();

    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong recorded = new AtomicLong();
    private final Thread writer;
    private volatile boolean idle;
    private volatile boolean closed;
    private volatile String trouble = "";

    /** Writer only, as all below; null while nothing can be written. */
    private RecordingFiles files;

    private long retryAt;
    private long gapsNoted;

    /** What of it is in the file, and not in its buffer only. */
    private long gapsKept;

    private long unflushed;
    private long anchorNanos;
    private long anchorEpoch;

    private Recorder(RecorderOptions options, RecordingFiles files) {
        this.options = options;
        this.files = files;
        this.masking = new Masking(options.maskKeys());
        this.writer = new Thread(this::run, "holdfast-recorder");
        writer.setDaemon(true);
    }

    /**
     * Opens the files, appending to those that are there, and starts.
     *
     * @throws UncheckedIOException if the directory cannot be written, or another recorder does
     */
    public static Recorder start(RecorderOptions options) {
        Recorder recorder = new Recorder(options, open(options));
        recorder.writer.start();
        return recorder;
    }

    private static RecordingFiles open(RecorderOptions options) {
        try {
            return new RecordingFiles(options.directory(), options.fileMaxBytes(), options.filesMax());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot record in '" + options.directory() + "': " + e.getMessage(), e);
        }
    }

    @Override
    public void frame(Origin origin, Kind kind, boolean outbound, ByteBuffer payload, boolean secret, long nanos) {
        if (closed || !(options.clients().isEmpty() || options.clients().contains(origin.client()))) {
            return;
        }
        int cost = payload.remaining() + OVERHEAD;
        if (waitingBytes.addAndGet(cost) > options.bufferMaxBytes()) {
            waitingBytes.addAndGet(-cost);
            dropped.incrementAndGet();
            return;
        }
        byte[] copy = new byte[payload.remaining()];
        payload.get(copy);
        waiting.add(new Line.Frame(origin, kind, outbound, copy, secret, nanos));
        if (idle) {
            LockSupport.unpark(writer);
        }
    }

    public RecorderMetrics metrics() {
        return new RecorderMetrics(recorded.get(), dropped.get(), waitingBytes.get(), trouble);
    }

    /** Writes what waits, up to 5 s, and ends. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (writer.isAlive()) {
            logger.warn("The recorder's files cannot be written in time; what waits may be lost");
        }
    }

    // --- the writer

    private void run() {
        boolean ending = false;
        while (true) {
            Line.Frame frame = waiting.poll();
            if (frame != null) {
                waitingBytes.addAndGet(-frame.payload().length - OVERHEAD);
                write(frame);
            } else if (ending) {
                end();
                return;
            } else if (closed) {
                // Once more round: a frame may have been added before the end was seen.
                ending = true;
            } else {
                rest();
            }
        }
    }

    private void rest() {
        try {
            if (files != null) {
                noteGap(System.nanoTime());
                flush();
            }
        } catch (IOException e) {
            broken(e);
        }
        idle = true;
        if (waiting.isEmpty() && !closed) {
            LockSupport.parkNanos(this, IDLE_NANOS);
        }
        idle = false;
    }

    private void flush() throws IOException {
        files.flush();
        recorded.addAndGet(unflushed);
        unflushed = 0;
        gapsKept = gapsNoted;
    }

    private void write(Line.Frame frame) {
        if (files == null && !reopened()) {
            dropped.incrementAndGet();
            return;
        }
        try {
            noteGap(frame.nanos());
            append(Line.of(frame, epoch(frame.nanos()), masking));
            unflushed++;
        } catch (IOException e) {
            dropped.incrementAndGet();
            broken(e);
        }
    }

    /** Where frames are missing the file says so, as soon as one can be written again. */
    private void noteGap(long nanos) throws IOException {
        long now = dropped.get();
        if (now != gapsNoted) {
            append(Line.gap(epoch(nanos), now - gapsNoted));
            gapsNoted = now;
        }
    }

    /** What is written by it is counted before: if then the line cannot be appended, the others are in the file. */
    private void append(byte[] line) throws IOException {
        if (files.isFlushedBy(line)) {
            flush();
        }
        files.append(line);
    }

    private void broken(IOException e) {
        // What was in the file's buffer is gone as well.
        dropped.addAndGet(unflushed);
        unflushed = 0;
        gapsNoted = gapsKept;
        trouble = "cannot record in '" + options.directory() + "': " + e.getMessage();
        logger.warn("Frames are dropped: {}", trouble);
        closeFiles();
        retryAt = System.nanoTime() + RETRY_NANOS;
    }

    private boolean reopened() {
        if (System.nanoTime() - retryAt < 0) {
            return false;
        }
        try {
            files = open(options);
            trouble = "";
            logger.info("Frames are recorded again; {} were dropped so far", dropped.get());
            return true;
        } catch (UncheckedIOException e) {
            trouble = e.getMessage();
            retryAt = System.nanoTime() + RETRY_NANOS;
            return false;
        }
    }

    private void end() {
        if (files != null) {
            try {
                noteGap(System.nanoTime());
                flush();
            } catch (IOException e) {
                broken(e);
            }
            closeFiles();
        }
    }

    private void closeFiles() {
        RecordingFiles last = files;
        files = null;
        if (last != null) {
            try {
                last.close();
            } catch (IOException e) {
                logger.debug("A file of the recorder was not closed: {}", e.getMessage());
            }
        }
    }

    /** Monotonic time as wall time; anchored anew each minute, as wall clocks are set. */
    private long epoch(long nanos) {
        if (anchorEpoch == 0 || Math.abs(nanos - anchorNanos) > ANCHOR_NANOS) {
            Instant now = Instant.now();
            anchorNanos = System.nanoTime();
            anchorEpoch = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }
        return anchorEpoch + (nanos - anchorNanos);
    }
}
