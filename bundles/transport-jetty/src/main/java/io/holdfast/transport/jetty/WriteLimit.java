// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/** Limits the time of each write from its start. A timer is set only for a write that the socket did not take at once. */
final class WriteLimit {
    private final Scheduler scheduler;
    private final Duration limit;
    private final Runnable onExpired;

    WriteLimit(Scheduler scheduler, Duration limit, Runnable onExpired) {
        this.scheduler = scheduler;
        this.limit = limit;
        this.onExpired = onExpired;
    }

    Write begin(Callback callback) {
        return new Write(callback);
    }

    final class Write implements Callback {
        private final Callback callback;
        private final long began = System.nanoTime();
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicReference<Scheduler.Task> timer = new AtomicReference<>();

        private Write(Callback callback) {
            this.callback = callback;
        }

        /** Called when the write was handed over. */
        void watch() {
            if (over.get()) {
                return;
            }
            long left = limit.toNanos() - (System.nanoTime() - began);
            timer.set(scheduler.schedule(this::expired, Math.max(0, left), TimeUnit.NANOSECONDS));
            if (over.get()) {
                cancel();
            }
        }

        @Override
        public void succeeded() {
            over.set(true);
            cancel();
            callback.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            over.set(true);
            cancel();
            callback.failed(failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        private void expired() {
            if (!over.get()) {
                onExpired.run();
            }
        }

        private void cancel() {
            Scheduler.Task task = timer.getAndSet(null);
            if (task != null) {
                task.cancel();
            }
        }
    }
}
