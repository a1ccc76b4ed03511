// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.MessageListener;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** The lanes of one client: who comes, leaves and returns. Guarded by the {@link Turn} unless said otherwise. */
final class Roster {
    /** Places of absent listeners that are remembered. */
    static final int MAX_ABSENT = 16;

    private final Context context;

    /** Replaced, never changed. Read from any thread. */
    private volatile Lane[] lanes = {};

    /** Lanes whose listener is there. Read from any thread. */
    private volatile int present;

    private Cause closed;

    /** Completed when the delivery has closed and nobody is to be told so any more. */
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    Roster(Context context) {
        this.context = context;
    }

    /** From any thread; not to be changed. */
    Lane[] lanes() {
        return lanes;
    }

    /** From any thread. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** From any thread. */
    int present() {
        return present;
    }

    /** @param id or null */
    void add(MessageListener listener, String id) {
        if (find(listener) != null) {
            return;
        }
        Lane lane = id == null ? null : vacant(id);
        if (lane == null) {
            lane = new Lane(context, id, this);
            lanes = Arrays.copyOf(lanes, lanes.length + 1);
            lanes[lanes.length - 1] = lane;
            if (closed == null) {
                lane.put(new Continuity.Joined(context.last()));
            }
        }
        lane.attach(listener);
        if (closed != null) {
            lane.close(new Continuity.Left(closed));
        }
        count();
    }

    /**
     * @param gone counted down when the listener is not being called any more
     * @param caller who waits for it: not, if it is the listener itself
     */
    void remove(MessageListener listener, CountDownLatch gone, Thread caller) {
        Lane lane = find(listener);
        if (lane == null) {
            gone.countDown();
            return;
        }
        lane.detach(gone, caller);
        Duration kept = context.owner().gapMax();
        if (lane.id() == null || closed != null || isTaken(lane.id())) {
            lane.discard();
            drop(lane);
            return;
        }
        if (kept.isZero()) {
            lane.forget();
        } else {
            lane.keep(kept);
        }
        boundAbsent();
        count();
    }

    void close(Cause cause) {
        closed = cause;
        for (Lane lane : lanes) {
            if (lane.isPresent()) {
                lane.close(new Continuity.Left(cause));
            } else {
                lane.discard();
                drop(lane);
            }
        }
        count();
    }

    private Lane find(MessageListener listener) {
        for (Lane lane : lanes) {
            if (lane.holds(listener)) {
                return lane;
            }
        }
        return null;
    }

    private Lane vacant(String id) {
        for (Lane lane : lanes) {
            if (id.equals(lane.id()) && !lane.isPresent()) {
                return lane;
            }
        }
        return null;
    }

    /** Whether another listener with the id is there, so that no place need be kept for it. */
    private boolean isTaken(String id) {
        return Arrays.stream(lanes).anyMatch(lane -> lane.isPresent() && id.equals(lane.id()));
    }

    private void boundAbsent() {
        if (lanes.length - Arrays.stream(lanes).filter(Lane::isPresent).count() > MAX_ABSENT) {
            Lane eldest = Arrays.stream(lanes)
                    .filter(lane -> !lane.isPresent())
                    .min(Comparator.comparingLong(Lane::absentSince))
                    .orElseThrow();
            eldest.discard();
            drop(eldest);
        }
    }

    /** The place is not needed any more. */
    void drop(Lane lane) {
        lanes = Arrays.stream(lanes).filter(other -> other != lane).toArray(Lane[]::new);
        count();
    }

    private void count() {
        int now = (int) Arrays.stream(lanes).filter(Lane::isPresent).count();
        if (now != present) {
            present = now;
            context.owner().listenersChanged(now);
        }
        if (closed != null && now == 0) {
            over.complete(null);
        }
    }
}
