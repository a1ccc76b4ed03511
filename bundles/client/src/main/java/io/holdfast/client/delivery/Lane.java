// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.OverflowPolicy;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * The place of one listener: its backlog, whoever calls it at present, and what the overflow policy says. Fields and methods
 * are guarded by the {@link Turn} unless they say otherwise.
 *
 * <p>A listener with an id may leave its place and return to it. While it is <em>away</em> its messages are kept within the
 * bounds, for {@code listener.gap.max}; then the place is <em>forgotten</em>: nothing is kept but the number it had come to,
 * one gap for each stream, and whether the connection was interrupted.
 */
final class Lane {
    /** Storage that was not needed for one to two of these spans is given back. */
    static final Duration TRIM = Duration.ofSeconds(10);

    /** How long a listener may go on with its backlog after the client has closed. */
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final Context context;
    private final Backlog backlog;
    private final Overflow overflow;
    private final String id;
    private final Roster roster;

    /** Null until something waits for a direct listener. Read by the runner. */
    private volatile CatchUp catchUp;

    /** Names the listener in texts, without a reference to it. Read by its runner. */
    private volatile String description = "";

    private Runner runner;

    /** The runner before {@link #runner}, as long as it has not let go of the backlog. */
    private Runner former;

    private boolean present;
    private boolean forgotten;

    /** To be forgotten as soon as the runner is off the backlog. */
    private boolean forgetDue;

    /** Nothing is to be armed any more. */
    private boolean ended;

    private long absentSince;

    private Cancellable awayTimer;
    private Cancellable trimTimer;

    /** Set once; read by the runner. */
    private volatile boolean closing;

    /** Written before {@link #closing}. */
    private long closeBy;

    /**
     * @param id or null
     * @param roster drops the place when the listener has been told that it left
     */
    Lane(Context context, String id, Roster roster) {
        this.context = context;
        this.id = id;
        this.roster = roster;
        this.backlog = new Backlog(context.last() + 1);
        this.overflow = new Overflow(context, backlog, this);
    }

    // ---- who is there

    String id() {
        return id;
    }

    boolean isPresent() {
        return present;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** {@code nanoTime} at which the listener left. */
    long absentSince() {
        return absentSince;
    }

    boolean holds(MessageListener listener) {
        return present && runner.calls(listener);
    }

    Runner runner() {
        return runner;
    }

    /** From any thread. */
    String description() {
        return description;
    }

    /** From any thread. */
    long queued() {
        return backlog.messages();
    }

    /** Storage held for messages, in bytes. From any thread. */
    int capacity() {
        return backlog.capacity();
    }

    void attach(MessageListener listener) {
        String name = listener.getClass().getName();
        description = id == null ? name : name + " (" + id + ")";
        present = true;
        forgotten = false;
        forgetDue = false;
        cancelAway();
        if (former == null) {
            former = runner;
        } else {
            // The one in between has never begun.
            runner.seize();
        }
        runner = new Runner(this, backlog, context, listener);
        settle();
    }

    /** Lets the runner begin when its predecessor is off the backlog. */
    private void settle() {
        if (former == null || former.seize()) {
            former = null;
            backlog.resume();
            runner.begin();
        }
    }

    /** @param latch counted down when the listener is not being called any more */
    void detach(CountDownLatch latch, Thread caller) {
        present = false;
        absentSince = context.environment().nanoTime();
        runner.leave(latch, caller);
        unblock();
    }

    /** Called by the runner, on its thread, when it has let go of the backlog because its listener has left. */
    void runnerGone() {
        context.turn().run(() -> {
            if (closing) {
                roster.drop(this);
            } else if (former != null) {
                settle();
            } else if (forgetDue) {
                forget();
            }
        });
    }

    /** Keeps the place of the listener that has left, for that long. */
    void keep(Duration span) {
        Cancellable[] mine = new Cancellable[1];
        mine[0] = context.environment()
                .schedule(
                        span.toNanos(),
                        () -> context.turn().run(() -> {
                            if (awayTimer == mine[0]) {
                                forget();
                            }
                        }));
        awayTimer = mine[0];
    }

    /** Gives up what was kept, now or when the runner lets go of it; the place itself remains. */
    void forget() {
        forgetDue = !present && !forgotten;
        if (!forgetDue || former != null && !former.seize() || !runner.seize()) {
            return;
        }
        forgetDue = false;
        forgotten = true;
        former = null;
        runner = null;
        cancelAway();
        context.tally()
                .dropped(backlog.collapse(context.last(), "the listener was away for longer than listener.gap.max"));
    }

    /** The place is given up: what waits is dropped. */
    void discard() {
        ended = true;
        cancelAway();
        cancelTrim();
        unblock();
        context.tally().dropped(backlog.messages());
    }

    /** The listener is told that it left, after what waits for it or at the limit. */
    void close(Continuity.Left left) {
        ended = true;
        unblock();
        cancelTrim();
        closeBy = context.environment().nanoTime() + CLOSE_LIMIT.toNanos();
        closing = true;
        put(left);
    }

    // ---- what comes

    void put(Continuity event) {
        backlog.put(context.last(), event);
        wake();
    }

    /** The connection has ended: nothing is held up any more. */
    void interrupted() {
        unblock();
    }

    private void unblock() {
        overflow.unblock();
        if (catchUp != null) {
            catchUp.end();
        }
    }

    /** A new connection is ready. */
    void resumed(long connection) {
        if (present) {
            overflow.resumed(connection);
        }
    }

    /** Reserves the listener for a call on this thread, if it is there and nothing waits before the message; else null. */
    Runner claim(long connection, long sequence) {
        return present
                        && former == null
                        && !overflow.hasCut(connection)
                        && !backlog.isFolded()
                        && runner.claim(sequence)
                ? runner
                : null;
    }

    /**
     * Takes a message, by the policy.
     *
     * @return whether there is or may be a listener for it
     */
    boolean offer(
            OverflowPolicy policy,
            boolean text,
            ByteBuffer payload,
            long receivedNanos,
            long connection,
            long sequence) {
        if (backlog.isFolded()) {
            if (present) {
                context.tally().dropped(1);
            }
            return present;
        }
        if (overflow.admits(policy, payload.remaining(), connection, present)) {
            backlog.append(
                    text, payload, sequence, connection, receivedNanos, policy.maxBytes() + 64L * policy.maxMessages());
            armTrim();
            if (present) {
                overflow.appended(policy, connection);
                appended(policy);
            }
            wake();
        }
        return true;
    }

    private void appended(OverflowPolicy policy) {
        if (!context.direct()) {
            return;
        }
        if (catchUp == null) {
            catchUp = new CatchUp(context, backlog);
        }
        catchUp.appended(policy);
    }

    private void wake() {
        if (!present) {
            return;
        }
        if (former != null) {
            settle();
        } else {
            runner.wake();
        }
    }

    // ---- on the runner's thread

    /** Before the next message or event is taken. */
    void beforeTake() {
        if (closing && context.environment().nanoTime() - closeBy >= 0) {
            context.tally().dropped(backlog.finish("the client closed before they could be delivered"));
        }
    }

    /** After a message was taken. */
    void taken() {
        overflow.taken();
    }

    /** After everything was taken. */
    void drained() {
        overflow.drained();
        CatchUp behind = catchUp;
        if (behind != null) {
            behind.drained();
        }
    }

    // ---- storage and watching

    /** Whether the listener is in a direct call. */
    boolean watch() {
        return present && runner.watch();
    }

    /** Whether it was reported, and the listener has not returned. */
    boolean blocks() {
        return present && runner.blocks();
    }

    private void armTrim() {
        if (trimTimer == null && !ended) {
            trimTimer = context.environment()
                    .schedule(TRIM.toNanos(), () -> context.turn().run(this::trim));
        }
    }

    private void trim() {
        trimTimer = null;
        boolean left = backlog.trim();
        if (runner != null && !runner.trim() || left) {
            armTrim();
        }
    }

    private void cancelAway() {
        if (awayTimer != null) {
            awayTimer.cancel();
            awayTimer = null;
        }
    }

    private void cancelTrim() {
        if (trimTimer != null) {
            trimTimer.cancel();
            trimTimer = null;
        }
    }
}
