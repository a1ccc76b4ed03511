// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.client.engine.Counters.Count;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.SerialLane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Runs foreign hooks of one client one after another, each with a limit. A hook that overruns it has no result any more and
 * the lane goes on with a fresh thread, so that it delays nobody; it is counted until it returns.
 */
final class PluginLane {
    /** What became of a hook: a value or a fault as plain text. */
    sealed interface Result<T> {
        record Value<T>(T value) implements Result<T> {}

        /** @param hangs whether it has not returned */
        record Fault<T>(String description, boolean hangs) implements Result<T> {}
    }

    private final Environment environment;
    private final Executor mailbox;
    private final Counters counters;

    /**
     * Hooks that have not begun. They are not part of the lane, lest they stay behind one that hangs. There while the lane is.
     * Guarded, as the fields below, by this object, which is held for a few instructions.
     */
    private Deque<Call<?>> waiting;

    private int inside;

    /** Null while nothing is to be done: most clients need a plugin for a moment only, and credentials never. */
    private SerialLane lane;

    private record Call<T>(
            String what, Duration limit, Callable<T> hook, Consumer<Result<T>> result, AtomicBoolean decided) {}

    PluginLane(Environment environment, Executor mailbox, Counters counters) {
        this.environment = environment;
        this.mailbox = mailbox;
        this.counters = counters;
    }

    private SerialLane fresh() {
        // Hooks are guarded below, so nothing of theirs arrives here.
        return new SerialLane(environment.plugins(), t -> {});
    }

    /**
     * @param limit from the moment the hook begins
     * @param result called on the mailbox, once
     */
    <T> void call(String what, Duration limit, Callable<T> hook, Consumer<Result<T>> result) {
        SerialLane now;
        synchronized (this) {
            if (lane == null) {
                lane = fresh();
                waiting = new ArrayDeque<>(1);
            }
            waiting.add(new Call<>(what, limit, hook, result, new AtomicBoolean()));
            now = lane;
        }
        now.execute(() -> next(now));
    }

    private void next(SerialLane on) {
        Call<?> call;
        synchronized (this) {
            // On a lane that was given up the rest belongs to its successor.
            call = on == lane ? waiting.poll() : null;
        }
        if (call != null) {
            try {
                run(call);
            } finally {
                letGo(on);
            }
        }
    }

    private void letGo(SerialLane on) {
        synchronized (this) {
            if (on == lane && waiting.isEmpty()) {
                lane = null;
                waiting = null;
            }
        }
    }

    private <T> void run(Call<T> call) {
        Cancellable timer = environment.schedule(call.limit().toNanos(), () -> overrun(call));
        Result<T> outcome = new Result.Fault<>(call.what() + " ended with an error", false);
        try {
            outcome = guarded(call.hook());
        } finally {
            timer.cancel();
            decide(call, outcome);
        }
    }

    private <T> void decide(Call<T> call, Result<T> outcome) {
        if (call.decided().compareAndSet(false, true)) {
            mailbox.execute(() -> call.result().accept(outcome));
        } else {
            counters.decrement(Count.HUNG_PLUGIN_CALLS);
        }
    }

    private <T> void overrun(Call<T> call) {
        if (!call.decided().compareAndSet(false, true)) {
            return;
        }
        counters.increment(Count.HUNG_PLUGIN_CALLS);
        SerialLane next = fresh();
        int left;
        synchronized (this) {
            // The hook may have returned just now, and nothing else waited.
            left = lane == null ? 0 : waiting.size();
            lane = lane == null ? null : next;
        }
        for (int i = 0; i < left; i++) {
            next.execute(() -> next(next));
        }
        String text = call.what() + " took longer than " + call.limit().toMillis() + " ms";
        mailbox.execute(() -> call.result().accept(new Result.Fault<>(text, true)));
    }

    private <T> Result<T> guarded(Callable<T> hook) {
        synchronized (this) {
            inside++;
        }
        try {
            return new Result.Value<>(hook.call());
        } catch (Exception | LinkageError | StackOverflowError e) {
            return new Result.Fault<>(Text.of(e), false);
        } finally {
            synchronized (this) {
                inside--;
                notifyAll();
            }
        }
    }

    /** Waits until no hook runs, at most until the deadline. For the thread that takes a plugin away, never for a mailbox. */
    void awaitLeft(long deadlineNanos) {
        synchronized (this) {
            try {
                while (inside > 0) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - environment.nanoTime());
                    if (left <= 0) {
                        return;
                    }
                    wait(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
