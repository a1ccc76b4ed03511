// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.NotOpenException;
import io.holdfast.api.client.OutboundFullException;
import io.holdfast.api.client.SendLimitException;
import io.holdfast.api.client.SendOptions;
import io.holdfast.client.engine.Counters.Count;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;

/** Sends a user's messages, bounded by the bytes that wait; nothing is kept over a reconnect. */
final class Outbound {
    private static final CompletableFuture<Void> WRITTEN = CompletableFuture.completedFuture(null);
    private static final CompletionStage<Void> WRITTEN_STAGE = WRITTEN.minimalCompletionStage();

    private static final AtomicLongFieldUpdater<Outbound> WAITING =
            AtomicLongFieldUpdater.newUpdater(Outbound.class, "waiting");

    private final ClientEngine engine;

    /** Bytes. */
    private volatile long waiting;

    Outbound(ClientEngine engine) {
        this.engine = engine;
    }

    /**
     * @param payload must not be changed any more
     * @param how null: as the options say
     */
    CompletionStage<Void> send(boolean text, ByteBuffer payload, SendOptions how) {
        Optional<Connection> connection = engine.ready();
        if (connection.isEmpty()) {
            return CompletableFuture.failedStage(
                    new NotOpenException(engine.id(), engine.phase().state()));
        }
        int size = payload.remaining();
        long before = WAITING.getAndAdd(this, size);
        if (before > 0 && before + size > engine.options().sendBufferMaxBytes()) {
            WAITING.addAndGet(this, -size);
            return CompletableFuture.failedStage(new OutboundFullException(engine.id(), before));
        }
        Completion completion = new Completion(size);
        connection
                .get()
                .send(
                        text,
                        payload,
                        completion,
                        how,
                        engine.options(),
                        engine.environment().nanoTime());
        return completion.stage();
    }

    /**
     * What becomes of one message. Mostly the socket takes it before {@link #send} returns: then the caller gets a stage that
     * has completed already, and no other thread is woken. A stage that somebody may depend on completes on a publishing thread.
     */
    private final class Completion implements Pacing.Sender {
        private final int size;

        /** What the caller gets, or what it will find done; set by whichever side comes first. */
        private final AtomicReference<CompletableFuture<Void>> outcome = new AtomicReference<>();

        private Completion(int size) {
            this.size = size;
        }

        private CompletionStage<Void> stage() {
            if (outcome.get() == null) {
                outcome.compareAndSet(null, new CompletableFuture<>());
            }
            CompletableFuture<Void> now = outcome.get();
            return now == WRITTEN ? WRITTEN_STAGE : now.minimalCompletionStage();
        }

        @Override
        public void sent() {
            WAITING.addAndGet(Outbound.this, -size);
            engine.counters.increment(Count.MESSAGES_OUT);
            if (!outcome.compareAndSet(null, WRITTEN)) {
                Publishing.complete(engine.environment(), () -> outcome.get().complete(null));
            }
        }

        @Override
        public void failed(String reason) {
            failed(new NotOpenException(engine.id(), engine.phase().state(), true));
        }

        @Override
        public void limited(String limit, Duration allowedIn) {
            failed(new SendLimitException(engine.id(), limit, allowedIn));
        }

        @Override
        public void full() {
            failed(new OutboundFullException(engine.id(), waiting - size));
        }

        @Override
        public void connectionEnded() {
            failed(NotOpenException.whileWaiting(engine.id(), engine.phase().state()));
        }

        private void failed(RuntimeException failure) {
            WAITING.addAndGet(Outbound.this, -size);
            if (!outcome.compareAndSet(null, CompletableFuture.failedFuture(failure))) {
                Publishing.complete(engine.environment(), () -> outcome.get().completeExceptionally(failure));
            }
        }
    }
}
