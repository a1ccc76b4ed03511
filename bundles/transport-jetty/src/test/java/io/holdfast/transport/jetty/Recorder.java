// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes down what a listener is told, and that it is told one thing after another. */
class Recorder implements TransportListener {
    static final long LIMIT_SECONDS = 30;

    final CompletableFuture<TransportConnection> opened = new CompletableFuture<>();
    final CompletableFuture<ConnectFailure> failed = new CompletableFuture<>();
    final CompletableFuture<CloseInfo> closed = new CompletableFuture<>();
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<String> pings = new LinkedBlockingQueue<>();
    final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
    final AtomicInteger terminal = new AtomicInteger();
    final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();

    @Override
    public void onOpen(TransportConnection connection) {
        serially(() -> opened.complete(connection));
    }

    @Override
    public boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos) {
        boolean[] more = new boolean[1];
        serially(() -> more[0] = message(text, payload, receivedNanos));
        return more[0];
    }

    boolean message(boolean text, ByteBuffer payload, long receivedNanos) {
        messages.add((text ? "" : "binary:") + string(payload));
        return true;
    }

    @Override
    public void onPing(ByteBuffer payload, long receivedNanos) {
        serially(() -> pings.add(string(payload)));
    }

    @Override
    public void onPong(ByteBuffer payload, long receivedNanos) {
        serially(() -> pongs.add(string(payload)));
    }

    @Override
    public void onFailed(ConnectFailure failure) {
        serially(() -> {
            terminal.incrementAndGet();
            failed.complete(failure);
        });
    }

    @Override
    public void onClosed(CloseInfo info) {
        serially(() -> {
            terminal.incrementAndGet();
            closed.complete(info);
        });
    }

    private void serially(Runnable call) {
        if (inside.incrementAndGet() != 1) {
            violations.add("two calls at once");
        }
        if (terminal.get() > 0) {
            violations.add("a call after the terminal one");
        }
        try {
            call.run();
        } finally {
            inside.decrementAndGet();
        }
    }

    TransportConnection awaitOpen() throws Exception {
        return opened.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    ConnectFailure awaitFailed() throws Exception {
        return failed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    CloseInfo awaitClosed() throws Exception {
        CloseInfo info = closed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(violations).isEmpty();
        assertThat(terminal).hasValue(1);
        return info;
    }

    String awaitMessage() throws Exception {
        return messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    static String string(ByteBuffer payload) {
        return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }
}
