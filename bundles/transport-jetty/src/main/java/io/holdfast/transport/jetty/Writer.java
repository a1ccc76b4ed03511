package io.holdfast.transport.jetty;

import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;

/**
 * Gives frames to Jetty one at a time, so that they leave in the order of the calls, pings too, which Jetty would put
 * first, and so that the time limit of each counts from the start of its own write. Whoever finds the queue idle works
 * it off; no lock.
 */
final class Writer {
  private final BiConsumer<Frame, Callback> out;
  private final BiConsumer<Runnable, String> guarded;
  private final Queue<Outgoing> queue = new ConcurrentLinkedQueue<>();

  /** Frames not completed yet; who raises it from 0 begins to write. */
  private final AtomicInteger pending = new AtomicInteger();

  private volatile String broken;

  /**
   * @param out writes one frame and completes the callback once
   * @param guarded runs foreign code, named by the text
   */
  Writer(BiConsumer<Frame, Callback> out, BiConsumer<Runnable, String> guarded) {
    this.out = out;
    this.guarded = guarded;
  }

  void write(Frame frame, SendCallback callback) {
    queue.add(new Outgoing(frame, callback));
    if (pending.getAndIncrement() == 0) {
      next();
    }
  }

  /** From now on every frame fails, those that wait included; the one being written fails or succeeds by itself. */
  void fail(String reason) {
    if (broken == null) {
      broken = reason;
    }
  }

  private void next() {
    do {
      Outgoing outgoing = queue.remove();
      if (broken == null) {
        out.accept(outgoing.frame, outgoing);
        return;
      }
      // In a loop and not through the callback: a long queue must not become a deep stack.
      outgoing.tellFailed(broken);
    } while (pending.decrementAndGet() > 0);
  }

  private final class Outgoing implements Callback {
    private final Frame frame;
    private final SendCallback callback;

    private Outgoing(Frame frame, SendCallback callback) {
      this.frame = frame;
      this.callback = callback;
    }

    @Override
    public void succeeded() {
      guarded.accept(callback::sent, "sent");
      completed();
    }

    @Override
    public void failed(Throwable failure) {
      fail(Text.of(failure));
      tellFailed(broken);
      completed();
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    private void tellFailed(String reason) {
      guarded.accept(() -> callback.failed(reason), "failed");
    }

    private void completed() {
      if (pending.decrementAndGet() > 0) {
        next();
      }
    }
  }
}
