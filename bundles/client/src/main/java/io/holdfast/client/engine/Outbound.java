package io.holdfast.client.engine;

import io.holdfast.api.client.NotOpenException;
import io.holdfast.api.client.OutboundFullException;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** Sends a user's messages, bounded by the bytes that wait; nothing is kept over a reconnect. */
final class Outbound {
  private final ClientEngine engine;
  private final AtomicLong waiting = new AtomicLong();

  Outbound(ClientEngine engine) {
    this.engine = engine;
  }

  /** @param payload must not be changed any more */
  CompletionStage<Void> send(boolean text, ByteBuffer payload) {
    Optional<Connection> connection = engine.ready();
    if (connection.isEmpty()) {
      return CompletableFuture.failedStage(new NotOpenException(engine.id(), engine.phase().state()));
    }
    int size = payload.remaining();
    long before = waiting.getAndAdd(size);
    if (before > 0 && before + size > engine.options().sendBufferMaxBytes()) {
      waiting.addAndGet(-size);
      return CompletableFuture.failedStage(new OutboundFullException(engine.id(), before));
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    connection.get().send(text, payload, new Completion(done, size), engine.environment().nanoTime());
    return done.minimalCompletionStage();
  }

  private final class Completion implements SendCallback {
    private final CompletableFuture<Void> done;
    private final int size;

    private Completion(CompletableFuture<Void> done, int size) {
      this.done = done;
      this.size = size;
    }

    @Override
    public void sent() {
      waiting.addAndGet(-size);
      engine.counters.messagesOut.increment();
      engine.environment().publishing().execute(() -> done.complete(null));
    }

    @Override
    public void failed(String reason) {
      waiting.addAndGet(-size);
      engine.environment()
          .publishing()
          .execute(() -> done.completeExceptionally(new NotOpenException(engine.id(), engine.phase().state())));
    }
  }
}
