// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;

/** One {@code play}: frames taken from an iterator, on demand or paced. Loop thread only but for the future. */
public final class Playback implements Outbox.Source {

    private static final int BURST = 1000; // most that is sent in one go when the pace has fallen behind

    private final Iterator<byte[]> frames;
    private final boolean oneFrame;
    private final Runnable closing;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private long written;

    /**
     * @param oneFrame whether all pieces together are one frame
     * @param closing run once at the end, however it comes
     */
    public Playback(Iterator<byte[]> frames, boolean oneFrame, Runnable closing) {
        this.frames = frames;
        this.oneFrame = oneFrame;
        this.closing = closing;
    }

    CompletableFuture<Long> done() {
        return done;
    }

    @Override
    public byte[] next() {
        try {
            return frames.hasNext() ? frames.next() : null;
        } catch (RuntimeException e) {
            closing.run();
            done.completeExceptionally(e); // the caller's iterator failed: the caller is told
            return null;
        }
    }

    @Override
    public boolean oneFrame() {
        return oneFrame;
    }

    @Override
    public void written() {
        written++;
    }

    @Override
    public void finished() {
        if (done.isDone()) {
            return;
        }
        closing.run();
        done.complete(written);
    }

    void paced(Connection connection, double perSecond) {
        step(connection, System.nanoTime(), 0, perSecond);
    }

    private void step(Connection connection, long start, long sent, double perSecond) {
        long due = (long) ((System.nanoTime() - start) * perSecond / 1e9) + 1;
        long count = sent;
        long stop = Math.min(due, sent + BURST);
        while (count < stop) {
            byte[] frame = next();
            if (frame == null) {
                connection.endPlay(this);
                return;
            }
            connection.send(frame, tag -> written(), 0);
            count++;
        }
        long total = count;
        long at = start + (long) (count * 1e9 / perSecond);
        connection.later(Math.max(0, at - System.nanoTime()), () -> step(connection, start, total, perSecond));
    }
}
