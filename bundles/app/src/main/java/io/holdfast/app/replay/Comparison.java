// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.replay;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.app.replay.Recordings.Frame;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Compares what a client delivers with what was recorded, frame by frame, up to the first difference. Written by the listener's lane,
 * read by any thread.
 */
final class Comparison implements MessageListener {

    private static final int SHOWN = 120;

    private final String mark;
    private final Recordings recordings;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);

    /** Everything below is guarded by this. */
    private final Map<Path, Long> equal = new LinkedHashMap<>();

    private Optional<Frame> expected;
    private boolean begun;
    private long bytes;
    private String difference = "";

    /**
     * @param mark stands in the answer to the subscription, which comes before the recording
     * @param files in the order in which they are played
     */
    Comparison(String mark, List<Path> files) {
        this.mark = mark;
        this.recordings = new Recordings(files);
        files.forEach(file -> equal.put(file, 0L));
        advance();
    }

    private void advance() {
        expected = recordings.next();
        if (expected.isEmpty()) {
            over.countDown();
        }
    }

    @Override
    public synchronized void onMessage(Message message) {
        String text = message.isText()
                ? message.text()
                : "(binary, " + message.bytes().remaining() + " bytes)";
        if (!begun && text.contains(mark)) {
            begun = true;
        } else if (!difference.isEmpty()) {
            // Only the first one tells anything.
            begun = true;
        } else if (expected.isEmpty()) {
            differs("more than was recorded: " + shown(text));
        } else {
            begun = true;
            compare(expected.get(), text, message.bytes().remaining());
        }
    }

    private void compare(Frame frame, String text, int length) {
        if (frame.text().equals(text)) {
            equal.merge(frame.file(), 1L, Long::sum);
            bytes += length;
            advance();
        } else {
            differs(frame.file().getFileName() + ", frame " + (equal.get(frame.file()) + 1) + ": recorded "
                    + shown(frame.text()) + ", delivered " + shown(text));
        }
    }

    @Override
    public synchronized void onContinuity(Continuity continuity) {
        if (continuity instanceof Continuity.Left) {
            recordings.close();
            left.countDown();
        } else if (begun
                && expected.isPresent()
                && difference.isEmpty()
                && (continuity instanceof Continuity.Interrupted || continuity instanceof Continuity.Gap)) {
            differs("something is missing: " + continuity);
        }
    }

    private void differs(String what) {
        difference = what;
        over.countDown();
    }

    /** Open after the last frame, or the first difference. */
    CountDownLatch over() {
        return over;
    }

    /** Open when the client has ended: nothing more comes. */
    CountDownLatch left() {
        return left;
    }

    /** Empty if there was none. */
    synchronized String difference() {
        return difference;
    }

    /** Frames that came as recorded, of each file in their order. */
    synchronized Map<Path, Long> frames() {
        return new LinkedHashMap<>(equal);
    }

    synchronized long bytes() {
        return bytes;
    }

    private static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return '\'' + cut.replaceAll("\\p{Cntrl}", "?") + '\'';
    }
}
