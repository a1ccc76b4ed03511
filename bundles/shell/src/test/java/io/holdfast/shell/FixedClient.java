// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.SendOptions;
import io.holdfast.api.client.WebSocketClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A source of figures, and a record of what was asked for. */
final class FixedClient implements WebSocketClient {
    static final HeartbeatHealth BOUND = new HeartbeatHealth(
            "deribit",
            true,
            false,
            Optional.of(Duration.ofMillis(4250)),
            Optional.of(Duration.ofNanos(1_234_000)),
            0,
            42);

    private final String id;
    private final ClientState state;
    private final HeartbeatHealth heartbeat;
    private final Optional<Cause> lastCause;
    final List<String> asked = new ArrayList<>();

    FixedClient(String id, ClientState state, HeartbeatHealth heartbeat, Optional<Cause> lastCause) {
        this.id = id;
        this.state = state;
        this.heartbeat = heartbeat;
        this.lastCause = lastCause;
    }

    static FixedClient ready(String id) {
        return new FixedClient(id, ClientState.READY, BOUND, Optional.empty());
    }

    static FixedClient in(ClientState state, String id) {
        return new FixedClient(id, state, BOUND, Optional.empty());
    }

    Map.Entry<Map<String, Object>, WebSocketClient> supervisedBy(String group) {
        return Map.entry(Map.of("client.id", id, "uri", "wss://host/path", "supervisor.group", group), this);
    }

    Map.Entry<Map<String, Object>, WebSocketClient> alone() {
        return Map.entry(Map.of("client.id", id, "uri", "wss://host/path"), this);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public CompletionStage<Void> opened() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> send(CharSequence text) {
        asked.add("send");
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> send(ByteBuffer bytes) {
        asked.add("send");
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> send(CharSequence text, SendOptions options) {
        return send(text);
    }

    @Override
    public CompletionStage<Void> send(ByteBuffer bytes, SendOptions options) {
        return send(bytes);
    }

    @Override
    public void reconnect() {
        asked.add("reconnect");
    }

    @Override
    public void rotate() {
        asked.add("rotate");
    }

    @Override
    public CompletionStage<Void> close(int code, String reason) {
        asked.add("close");
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public ClientState state() {
        return state;
    }

    @Override
    public ClientHealth health() {
        return new ClientHealth(
                ClientHealth.Status.WARN, List.of("heartbeat.interval: must be at least 10s"), heartbeat, lastCause);
    }

    @Override
    public ClientMetrics metrics() {
        return new ClientMetrics(
                3,
                17,
                20,
                17,
                16,
                123_456,
                9_876_543,
                88,
                2,
                5,
                1,
                42,
                4,
                1,
                0,
                0,
                Optional.of(Duration.ofMillis(120)));
    }
}
