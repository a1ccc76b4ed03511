// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.MessageListener;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Calls one listener, on one thread at a time: on a delivery thread for what waits in the backlog, or on the transport's
 * thread for a message handed over directly. Which of them is told by one word, {@link #phase}; there is no lock.
 *
 * <p>While the listener is being called the backlog is not touched, so that it can be {@linkplain #seize() taken away} from
 * a listener that hangs and be given to the one that returned in its place.
 */
final class Runner implements Runnable {
    /** Nobody. */
    private static final long FREE = 0;

    /** A task is in the executor's queue, or will be. */
    private static final long SCHEDULED = -1;

    /** A delivery thread is at the backlog, never for long. */
    private static final long RUNNING = -2;

    /** A delivery thread is in the listener. */
    private static final long CALLING = -3;

    /** For ever. */
    private static final long GONE = -4;

    private static final VarHandle THREAD;
    private static final VarHandle PHASE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            THREAD = lookup.findVarHandle(Runner.class, "thread", Thread.class);
            PHASE = lookup.findVarHandle(Runner.class, "phase", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final long FAULT_REPORT = TimeUnit.SECONDS.toNanos(1);

    /** One of the above, or the number of the message with which the transport's thread is in the listener. */
    private volatile long phase = SCHEDULED;

    private final Lane lane;
    private final Backlog backlog;
    private final Context context;
    private final LaneMessage message = new LaneMessage();

    /** Null when it has left; a call that has begun goes on. */
    private volatile MessageListener listener;

    /** Set before {@link #listener} is cleared: told when no call goes on any more. */
    private volatile CountDownLatch leaving;

    /** The thread that is in the listener. Written for each message, so with release only: readers may see it a little late. */
    private volatile Thread thread;

    /**
     * Who was claimed last for a direct call; nobody once the listener has gone. Written only when it changes, as references
     * in {@link LaneMessage}. This and the next two are of the thread that has claimed, until its call has ended.
     */
    private MessageListener claimedListener;

    private long claimedSequence;
    private Runner nextClaimed;

    /** Guarded by the turn: the direct call seen by {@link #watch}, and since when; told once. */
    private long watched;

    private long watchedSince;
    private boolean watchTold;

    /** Of the thread in the listener. */
    private long reportedAt;

    private long unreported = -1;

    /** Starts scheduled: {@link #begin()} must follow. */
    Runner(Lane lane, Backlog backlog, Context context, MessageListener listener) {
        this.lane = lane;
        this.backlog = backlog;
        this.context = context;
        this.listener = listener;
    }

    boolean calls(MessageListener other) {
        return listener == other;
    }

    void begin() {
        try {
            context.environment().deliveries().execute(this);
        } catch (RejectedExecutionException e) {
            // The pool has ended, and with it every delivery; what waits was to be dropped anyway.
            release(SCHEDULED);
        }
    }

    /** To be called after something was put into the backlog. */
    void wake() {
        if (phase == FREE && PHASE.compareAndSet(this, FREE, SCHEDULED)) {
            begin();
        }
    }

    @Override
    public void run() {
        if (!PHASE.compareAndSet(this, SCHEDULED, RUNNING)) {
            return;
        }
        boolean orderly = false;
        try {
            drain();
            orderly = true;
        } finally {
            if (!orderly) {
                afterError();
            }
        }
    }

    private void drain() {
        while (true) {
            MessageListener target = listener;
            if (target == null) {
                phase = GONE;
                gone();
                lane.runnerGone();
                return;
            }
            lane.beforeTake();
            switch (backlog.take(message)) {
                case NOTHING -> {
                    if (release(RUNNING)) {
                        return;
                    }
                    continue;
                }
                case MESSAGE -> {
                    lane.taken();
                    if (context.conflation().outdated(message)) {
                        message.end();
                        continue;
                    }
                    phase = CALLING;
                    call(target, null);
                }
                case EVENT -> {
                    Continuity event = backlog.event();
                    phase = CALLING;
                    try {
                        call(target, event);
                    } finally {
                        if (event instanceof Continuity.Left) {
                            listener = null;
                        }
                    }
                }
            }
            target = null;
            if (!PHASE.compareAndSet(this, CALLING, RUNNING)) {
                gone();
                return;
            }
        }
    }

    /** Sets free; false if there is more to do, and then it is running again. */
    private boolean release(long from) {
        if (!PHASE.compareAndSet(this, from, FREE)) {
            return true;
        }
        if (from == SCHEDULED) {
            if (listener == null && PHASE.compareAndSet(this, FREE, GONE)) {
                gone();
            }
            return true;
        }
        lane.drained();
        // Looked at again after the change, for those who put or left before it have not woken anybody.
        return listener != null && !backlog.hasNews() || !PHASE.compareAndSet(this, FREE, RUNNING);
    }

    /** An error that is not caught here, such as lack of memory, must not end the lane. */
    private void afterError() {
        message.end();
        if (PHASE.compareAndSet(this, CALLING, SCHEDULED)) {
            begin();
        } else if (PHASE.compareAndSet(this, RUNNING, FREE)) {
            lane.drained();
        } else {
            gone();
        }
    }

    // ---- direct calls

    /** In the turn: reserves the listener for the message, if nothing waits before it. {@link #callClaimed} must follow. */
    boolean claim(long sequence) {
        if (phase != FREE || !PHASE.compareAndSet(this, FREE, sequence)) {
            return false;
        }
        MessageListener target = listener;
        if (target != null && backlog.passes(sequence)) {
            if (claimedListener != target) {
                claimedListener = target;
            }
            claimedSequence = sequence;
            return true;
        }
        endDirect(sequence);
        return false;
    }

    /** Remembers another claimed by the same thread for the same message. */
    Runner before(Runner other) {
        nextClaimed = other;
        return this;
    }

    /** On the thread that claimed it, out of the turn: makes the call, and those of the runners behind it. */
    void callClaimed(boolean text, ByteBuffer payload, long receivedNanos, long connection) {
        MessageListener target = claimedListener;
        long sequence = claimedSequence;
        Runner next = nextClaimed;
        nextClaimed = null;
        try {
            message.show(text, payload, sequence, connection, receivedNanos);
            call(target, null);
        } finally {
            endDirect(sequence);
            if (next != null) {
                next.callClaimed(text, payload, receivedNanos, connection);
            }
        }
    }

    private void endDirect(long sequence) {
        if (!PHASE.compareAndSet(this, sequence, FREE)) {
            gone();
        } else if (listener == null) {
            if (PHASE.compareAndSet(this, FREE, GONE)) {
                gone();
            }
        } else if (backlog.hasNews()) {
            wake();
        }
    }

    /** In the turn, now and then: reports a direct call that lasts; whether there is one. */
    boolean watch() {
        long sequence = phase;
        if (sequence <= FREE) {
            return false;
        }
        long now = context.environment().nanoTime();
        if (sequence != watched) {
            watched = sequence;
            watchedSince = now;
            watchTold = false;
        } else if (!watchTold && now - watchedSince >= Watchdog.LIMIT) {
            watchTold = true;
            Thread stuck = thread;
            if (stuck != null) {
                String text = lane.description() + " is blocking " + stuck.getName() + " with message " + sequence;
                context.owner().listenerBlocked(text + FaultText.frames(stuck.getStackTrace()));
            }
        }
        return true;
    }

    /** In the turn: whether the direct call that was reported still lasts. */
    boolean blocks() {
        return watchTold && phase == watched;
    }

    // ---- leaving

    /** No call begins any more. The latch is counted down when none goes on, or at once if it is the caller's own. */
    void leave(CountDownLatch latch, Thread caller) {
        leaving = latch;
        listener = null;
        if (PHASE.compareAndSet(this, FREE, GONE) || PHASE.compareAndSet(this, SCHEDULED, GONE)) {
            gone();
        } else if (phase == GONE || thread == caller) {
            latch.countDown();
        }
    }

    /** Takes the backlog away from a listener that has left; false while a delivery thread is at the backlog. */
    boolean seize() {
        while (true) {
            long now = phase;
            if (now == GONE) {
                return true;
            }
            if (now == RUNNING) {
                return false;
            }
            if (PHASE.compareAndSet(this, now, GONE)) {
                if (now == FREE || now == SCHEDULED) {
                    gone();
                }
                return true;
            }
        }
    }

    /** Whoever has found that no call goes on any more. */
    private void gone() {
        claimedListener = null;
        CountDownLatch latch = leaving;
        if (latch != null) {
            latch.countDown();
        }
    }

    // ---- storage

    /** In the turn: gives the message's storage back if the lane is idle; whether nothing is left. */
    boolean trim() {
        if (PHASE.compareAndSet(this, FREE, RUNNING)) {
            message.release();
            phase = FREE;
            if (listener == null || backlog.hasNews()) {
                wake();
            }
            return true;
        }
        return phase == GONE || !message.holdsStorage();
    }

    // ---- the call

    private void call(MessageListener target, Continuity event) {
        THREAD.setRelease(this, Thread.currentThread());
        try {
            if (event == null) {
                target.onMessage(message);
            } else {
                target.onContinuity(event);
            }
        } catch (Exception | LinkageError | StackOverflowError e) {
            fault(e);
        } catch (Error e) {
            fault(e);
            throw e;
        } finally {
            message.end();
            THREAD.setRelease(this, null);
        }
    }

    /** Each is counted; at most one in a second is described, for a listener that always throws would flood the owner. */
    private void fault(Throwable thrown) {
        context.tally().faulted();
        long now = context.environment().nanoTime();
        if (unreported >= 0 && now - reportedAt < FAULT_REPORT) {
            unreported++;
            return;
        }
        String more = unreported > 0 ? " (" + unreported + " more since the last report)" : "";
        reportedAt = now;
        unreported = 0;
        context.owner().listenerFault(lane.description() + more + ": " + FaultText.of(thrown));
    }
}
