// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.TransportConnection.SendCallback;
import io.holdfast.transport.jetty.frames.OpCode;
import io.holdfast.transport.jetty.frames.OutFrame;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.eclipse.jetty.util.Callback;

/**
 * Writes frames one at a time, so that they leave in the order of the calls and the time limit of each counts from the start
 * of its own write. Whoever finds the queue idle works it off; no lock. Nothing is written behind a closing frame.
 */
@SuppressWarnings("rawtypes")
final class Writer {
    /** The link whose frames these are. */
    interface Owner {
        /** Writes one frame and completes the callback once. */
        void write(OutFrame frame, Callback callback);

        /** Runs foreign code, named by the text. */
        void guarded(Runnable foreign, String what);

        /** Told of what {@link #guarded} lets through. */
        void listenerFailed(String what, Throwable thrown);

        /** Told each time a frame could not be written. */
        void broken(String reason);
    }

    private static final AtomicIntegerFieldUpdater<Writer> PENDING =
            AtomicIntegerFieldUpdater.newUpdater(Writer.class, "pending");

    private static final AtomicReferenceFieldUpdater<Writer, Queue> QUEUE = queue("queue");
    private static final AtomicReferenceFieldUpdater<Writer, Queue> URGENT = queue("urgent");

    private static AtomicReferenceFieldUpdater<Writer, Queue> queue(String field) {
        return AtomicReferenceFieldUpdater.newUpdater(Writer.class, Queue.class, field);
    }

    private final Owner owner;

    /** Null before the first frame, as the other: many connections only listen. */
    private volatile Queue<Outgoing> queue;

    /** What goes ahead of the queue: answers to the peer. */
    private volatile Queue<Outgoing> urgent;

    /** Frames not completed yet; who raises it from 0 begins to write. */
    private volatile int pending;

    private volatile String broken;

    Writer(Owner owner) {
        this.owner = owner;
    }

    void write(OutFrame frame, SendCallback callback) {
        made(QUEUE).add(new Outgoing(frame, callback));
        begin();
    }

    void writeFirst(OutFrame frame, SendCallback callback) {
        made(URGENT).add(new Outgoing(frame, callback));
        begin();
    }

    @SuppressWarnings("unchecked")
    private Queue<Outgoing> made(AtomicReferenceFieldUpdater<Writer, Queue> field) {
        if (field.get(this) == null) {
            field.compareAndSet(this, null, new ConcurrentLinkedQueue<Outgoing>());
        }
        return field.get(this);
    }

    /** From now on every frame fails, those that wait included; the one being written fails or succeeds by itself. */
    void fail(String reason) {
        if (broken == null) {
            broken = reason;
        }
    }

    private void begin() {
        if (PENDING.getAndIncrement(this) == 0) {
            run();
        }
    }

    private void run() {
        // In a loop and not through the callbacks: a long queue must not become a deep stack.
        do {
            Outgoing first = urgent == null ? null : urgent.poll();
            Outgoing outgoing = first == null ? queue.remove() : first;
            if (broken != null) {
                outgoing.tellFailed(broken);
            } else {
                if (outgoing.frame.opCode() == OpCode.CLOSE) {
                    fail("the connection is closing");
                }
                owner.write(outgoing.frame, outgoing);
                if (!outgoing.meet()) {
                    return;
                }
            }
        } while (PENDING.decrementAndGet(this) > 0);
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
            try {
                tell(callback::sent, "sent");
            } finally {
                completed();
            }
        }

        @Override
        public void failed(Throwable failure) {
            try {
                String reason = Text.of(failure);
                fail(reason);
                owner.broken(reason);
                tellFailed(broken);
            } finally {
                completed();
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        private void tellFailed(String reason) {
            tell(() -> callback.failed(reason), "failed");
        }

        private void tell(Runnable foreign, String what) {
            try {
                owner.guarded(foreign, what);
            } catch (Error e) {
                // No limit is running for the frames behind this one: the connection ends, which fails them.
                owner.listenerFailed(what, e);
            }
        }

        private void completed() {
            if (meet() && PENDING.decrementAndGet(Writer.this) > 0) {
                run();
            }
        }

        private boolean meet() {
            return met.incrementAndGet() == 2;
        }
    }
}
