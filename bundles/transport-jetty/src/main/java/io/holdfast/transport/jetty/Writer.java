// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.TransportConnection.SendCallback;
import io.holdfast.transport.jetty.frames.OpCode;
import io.holdfast.transport.jetty.frames.OutFrame;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;

/**
 * Writes frames one at a time, so that they leave in the order of the calls and the time limit of each counts from the start
 * of its own write. Whoever finds the queue idle works it off; no lock. Nothing is written behind a closing frame.
 */
final class Writer {
    private final BiConsumer<OutFrame, Callback> out;
    private final BiConsumer<Runnable, String> guarded;
    private final Consumer<String> onBroken;
    private final Queue<Outgoing> queue = new ConcurrentLinkedQueue<>();

    /** What goes ahead of the queue: answers to the peer. */
    private final Queue<Outgoing> urgent = new ConcurrentLinkedQueue<>();

    /** Frames not completed yet; who raises it from 0 begins to write. */
    private final AtomicInteger pending = new AtomicInteger();

    private volatile String broken;

    /**
     * @param out writes one frame and completes the callback once
     * @param guarded runs foreign code, named by the text
     * @param onBroken told, with the reason, each time a frame could not be written
     */
    Writer(BiConsumer<OutFrame, Callback> out, BiConsumer<Runnable, String> guarded, Consumer<String> onBroken) {
        this.out = out;
        this.guarded = guarded;
        this.onBroken = onBroken;
    }

    void write(OutFrame frame, SendCallback callback) {
        queue.add(new Outgoing(frame, callback));
        begin();
    }

    void writeFirst(OutFrame frame, SendCallback callback) {
        urgent.add(new Outgoing(frame, callback));
        begin();
    }

    /** From now on every frame fails, those that wait included; the one being written fails or succeeds by itself. */
    void fail(String reason) {
        if (broken == null) {
            broken = reason;
        }
    }

    private void begin() {
        if (pending.getAndIncrement() == 0) {
            run();
        }
    }

    private void run() {
        // In a loop and not through the callbacks: a long queue must not become a deep stack.
        do {
            Outgoing first = urgent.poll();
            Outgoing outgoing = first == null ? queue.remove() : first;
            if (broken != null) {
                outgoing.tellFailed(broken);
            } else {
                if (outgoing.frame.opCode() == OpCode.CLOSE) {
                    fail("the connection is closing");
                }
                out.accept(outgoing.frame, outgoing);
                if (!outgoing.meet()) {
                    return;
                }
            }
        } while (pending.decrementAndGet() > 0);
    }

    private final class Outgoing implements Callback {
        private final OutFrame frame;
        private final SendCallback callback;

        /** The write was handed over, and it was completed: the second of the two goes on with the queue. */
        private final AtomicInteger met = new AtomicInteger();

        private Outgoing(OutFrame frame, SendCallback callback) {
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
            String reason = Text.of(failure);
            fail(reason);
            onBroken.accept(reason);
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
            if (meet() && pending.decrementAndGet() > 0) {
                run();
            }
        }

        private boolean meet() {
            return met.incrementAndGet() == 2;
        }
    }
}
