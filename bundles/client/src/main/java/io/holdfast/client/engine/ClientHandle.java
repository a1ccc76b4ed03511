// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.SendOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Phase;
import io.holdfast.client.engine.Counters.Count;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What users hold of a client. */
final class ClientHandle implements WebSocketClient {
    private static final int MAX_REASON = 123;

    private final ClientEngine engine;
    private final Outbound outbound;
    private final ManagedClient client;
    private final Optional<Exchange> exchange;

    ClientHandle(ClientEngine engine, ManagedClient client) {
        this.engine = engine;
        this.outbound = new Outbound(engine);
        this.client = client;
        this.exchange = engine.exchange()
                .map(x -> new ExchangeHandle(engine, x, engine.options().exchangeType()));
    }

    @Override
    public String id() {
        return engine.id();
    }

    @Override
    public CompletionStage<Void> opened() {
        return engine.opened.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Void> send(CharSequence text) {
        return text(text, null);
    }

    @Override
    public CompletionStage<Void> send(CharSequence text, SendOptions options) {
        return text(text, Objects.requireNonNull(options));
    }

    private CompletionStage<Void> text(CharSequence text, SendOptions how) {
        return outbound.send(true, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)), how);
    }

    @Override
    public CompletionStage<Void> send(ByteBuffer bytes) {
        return bytes(bytes, null);
    }

    @Override
    public CompletionStage<Void> send(ByteBuffer bytes, SendOptions options) {
        return bytes(bytes, Objects.requireNonNull(options));
    }

    private CompletionStage<Void> bytes(ByteBuffer bytes, SendOptions how) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes.duplicate()).flip();
        return outbound.send(false, copy, how);
    }

    @Override
    public void reconnect() {
        if (engine.phase() == Phase.EXITED || engine.phase() == Phase.IDLE) {
            client.restart();
        } else {
            engine.postInput(new Input.Reconnect(Cause.of(Cause.Kind.OPERATOR, "reconnect was asked for")));
        }
    }

    @Override
    public void rotate() {
        if (engine.phase() == Phase.EXITED || engine.phase() == Phase.IDLE) {
            client.restart();
        } else {
            engine.postInput(new Input.Rotate(0, Cause.of(Cause.Kind.OPERATOR, "rotation was asked for"), true));
        }
    }

    @Override
    public CompletionStage<Void> close(int code, String reason) {
        if (code != 1000 && (code < 3000 || code > 4999)) {
            throw new IllegalArgumentException("code must be 1000 or 3000 to 4999 (RFC 6455, 7.4): " + code);
        }
        if (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON) {
            throw new IllegalArgumentException("reason must not be longer than " + MAX_REASON + " bytes of UTF-8");
        }
        return end(code, reason, Cause.of(Cause.Kind.LOCAL_CLOSE, reason, code));
    }

    /** Ends the client with any code and cause. */
    CompletionStage<Void> end(int code, String reason, Cause cause) {
        engine.close(code, reason, cause);
        return engine.ended.<Void>thenApply(c -> null).minimalCompletionStage();
    }

    @Override
    public Optional<Exchange> exchange() {
        return exchange;
    }

    @Override
    public ClientState state() {
        return engine.phase().state();
    }

    @Override
    public ClientHealth health() {
        return new HealthView(engine, client.findings()).now();
    }

    @Override
    public ClientMetrics metrics() {
        Counters c = engine.counters;
        var d = engine.delivery();
        long last = d.lastMessageNanos();
        Optional<Duration> ago = d.messages() == 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(engine.environment().nanoTime() - last));
        return new ClientMetrics(
                engine.incarnation(),
                engine.connectionNumber(),
                c.get(Count.ATTEMPTS),
                c.get(Count.OPENS),
                c.get(Count.LOSSES),
                d.messages(),
                d.bytes(),
                c.get(Count.MESSAGES_OUT),
                d.dropped(),
                d.queued(),
                d.faults(),
                c.get(Count.HEARTBEATS),
                c.get(Count.STALE),
                (int) c.get(Count.HUNG_PLUGIN_CALLS),
                c.get(Count.ROTATIONS),
                engine.exchange().map(ExchangeSide::streamsSwitched).orElse(0L),
                ago);
    }

    @Override
    public String toString() {
        return "WebSocketClient[" + id() + ", " + state() + "]";
    }
}
