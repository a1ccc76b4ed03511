// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal;

import io.holdfast.simulator.internal.net.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Threads that wait for something to be true. Asked on the loop after each pass, and every 20 ms while anybody waits. */
final class Waiters {

    private static final long ROUND_NANOS = 20_000_000;

    private final class Waiter<T> {
        private final Supplier<Optional<T>> question;
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        private Waiter(Supplier<Optional<T>> question) {
            this.question = question;
        }

        private boolean ask() {
            try {
                question.get().ifPresent(answer::complete);
            } catch (RuntimeException | LinkageError | StackOverflowError e) {
                answer.completeExceptionally(e); // the waiting test gets what its question threw
            }
            return answer.isDone();
        }
    }

    private final Loop loop;
    private final Supplier<String> situation;
    private final List<Waiter<?>> waiting = new ArrayList<>(); // loop thread only
    private Loop.Timer round;
    private boolean stopped;

    Waiters(Loop loop, Supplier<String> situation) {
        this.loop = loop;
        this.situation = situation;
    }

    <T> T await(String what, Supplier<Optional<T>> question, Duration limit) {
        if (loop.inLoop()) {
            throw new IllegalStateException("a script must not wait");
        }
        Waiter<T> waiter = new Waiter<>(question);
        loop.run(() -> {
            if (!waiter.ask()) {
                if (stopped) {
                    waiter.answer.completeExceptionally(new IllegalStateException("the simulator is closed"));
                } else {
                    waiting.add(waiter);
                    startRound();
                }
            }
        });
        try {
            return waiter.answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no " + what + " within " + limit + "; " + loop.call(situation));
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "waiting for " + what + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, e);
        } finally {
            loop.run(() -> waiting.remove(waiter));
        }
    }

    /** After each pass of the loop. */
    void ask() {
        if (!waiting.isEmpty()) {
            waiting.removeIf(Waiter::ask);
        }
    }

    private void startRound() {
        if (round == null) {
            round = loop.schedule(ROUND_NANOS, () -> {
                round = null;
                if (!waiting.isEmpty()) {
                    startRound(); // the pass that runs this timer asks
                }
            });
        }
    }

    void stop() {
        stopped = true;
        ask();
        waiting.forEach(w -> w.answer.completeExceptionally(new IllegalStateException("the simulator is closed")));
        waiting.clear();
    }
}
