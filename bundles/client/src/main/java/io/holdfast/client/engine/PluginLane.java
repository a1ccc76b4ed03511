package io.holdfast.client.engine;

import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.SerialLane;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs foreign hooks of one client one after another, each with a limit. A hook that overruns it has no result any more and
 * the lane goes on with a fresh thread, so that it delays nobody; it is counted until it returns.
 */
final class PluginLane {
  /** What became of a hook: a value or a fault as plain text. */
  sealed interface Result<T> {
    record Value<T>(T value) implements Result<T> {}

    record Fault<T>(String description) implements Result<T> {}
  }

  private final Environment environment;
  private final Executor mailbox;
  private final AtomicInteger hung;

  /** Guards {@link #inside}; held for a few instructions. */
  private final Object lock = new Object();

  private int inside;
  private volatile SerialLane lane;

  PluginLane(Environment environment, Executor mailbox, AtomicInteger hung) {
    this.environment = environment;
    this.mailbox = mailbox;
    this.hung = hung;
    this.lane = fresh();
  }

  private SerialLane fresh() {
    // Hooks are guarded below, so nothing of theirs arrives here.
    return new SerialLane(environment.plugins(), t -> {});
  }

  /** @param result called on the mailbox, once */
  <T> void call(String what, Duration limit, Callable<T> hook, Consumer<Result<T>> result) {
    AtomicBoolean decided = new AtomicBoolean();
    AtomicBoolean overrun = new AtomicBoolean();
    Cancellable timer =
        environment.schedule(
            limit.toNanos(),
            () -> {
              if (decided.compareAndSet(false, true)) {
                overrun.set(true);
                hung.incrementAndGet();
                lane = fresh();
                String text = what + " took longer than " + limit.toMillis() + " ms";
                mailbox.execute(() -> result.accept(new Result.Fault<>(text)));
              }
            });
    lane.execute(
        () -> {
          Result<T> outcome = guarded(hook);
          timer.cancel();
          if (decided.compareAndSet(false, true)) {
            mailbox.execute(() -> result.accept(outcome));
          } else if (overrun.get()) {
            hung.decrementAndGet();
          }
        });
  }

  private <T> Result<T> guarded(Callable<T> hook) {
    synchronized (lock) {
      inside++;
    }
    try {
      return new Result.Value<>(hook.call());
    } catch (Exception | LinkageError | StackOverflowError e) {
      return new Result.Fault<>(Text.of(e));
    } finally {
      synchronized (lock) {
        inside--;
        lock.notifyAll();
      }
    }
  }

  /** Waits until no hook runs, at most until the deadline. For the thread that takes a plugin away, never for a mailbox. */
  void awaitLeft(long deadlineNanos) {
    synchronized (lock) {
      try {
        while (inside > 0) {
          long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - environment.nanoTime());
          if (left <= 0) {
            return;
          }
          lock.wait(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
