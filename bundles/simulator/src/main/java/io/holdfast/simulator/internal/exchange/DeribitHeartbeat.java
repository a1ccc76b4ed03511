// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.Counters;
import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Frames;
import io.holdfast.simulator.internal.net.Loop;
import java.util.ArrayDeque;

/**
 * The heartbeat of one Deribit connection, with the times measured on production: the first {@code test_request} 2.0 to
 * 2.6 s after the interval, the next ones 0.6 to 0.7 s after it, and 10 s to answer.
 */
final class DeribitHeartbeat {

    private static final double GRACE = 10;

    private final Scene scene;
    private final Connection connection;
    private final ArrayDeque<Long> open = new ArrayDeque<>(); // when the unanswered ones were written
    private double interval;
    private Loop.Timer next;
    private Loop.Timer deadline;
    private long sent;
    private long answered;
    private long answers; // frames of ours that are no data
    private long dataAtLast;

    DeribitHeartbeat(Scene scene, Connection connection) {
        this.scene = scene;
        this.connection = connection;
    }

    void set(double seconds) {
        stop();
        interval = seconds;
        dataAtLast = dataFrames();
        next = connection.later(scene.units(interval + scene.between(2.0, 2.6)), this::beat);
    }

    void stop() {
        interval = 0;
        open.clear();
        connection.cancel(next);
        connection.cancel(deadline);
        next = null;
        deadline = null;
    }

    /** A frame that is no data was sent: an otherwise idle connection stays idle. */
    void sentAnswer() {
        answers++;
    }

    private long dataFrames() {
        Counters counters = connection.counters();
        return counters.framesOut() - counters.pongsOut() - answers;
    }

    private void beat() {
        next = connection.later(scene.units(interval + scene.between(0.6, 0.7)), this::beat);
        if (scene.faults().on(Toggle.WITHHOLD_HEARTBEATS, connection)) {
            return;
        }
        if (dataFrames() == dataAtLast) {
            sentAnswer();
            connection.send(Frames.text(DeribitFrames.HEARTBEAT)); // only an idle socket gets this one too
        }
        if (!scene.faults().on(Toggle.WITHHOLD_TEST_REQUESTS, connection)) {
            ask();
        }
        dataAtLast = dataFrames();
    }

    /** Sends a {@code test_request} now. */
    void ask() {
        sentAnswer();
        connection.send(Frames.text(DeribitFrames.TEST_REQUEST), tag -> written(), 0);
    }

    private void written() {
        sent++;
        open.add(System.nanoTime());
        watchOldest();
    }

    private void watchOldest() {
        connection.cancel(deadline);
        deadline = open.isEmpty()
                ? null
                : connection.later(open.peek() + scene.units(GRACE) - System.nanoTime(), this::unanswered);
    }

    private void unanswered() {
        deadline = null;
        connection.close(End.SERVER, 4000, "heartbeat close");
    }

    /** A {@code public/test} came. @return when the {@code test_request} it answers was written, or null for none */
    Long answer() {
        Long asked = open.poll();
        if (asked != null) {
            answered++;
            watchOldest();
        }
        return asked;
    }

    double interval() {
        return interval;
    }

    long sent() {
        return sent;
    }

    long answered() {
        return answered;
    }

    boolean awaiting() {
        return !open.isEmpty();
    }
}
