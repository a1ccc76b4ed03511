// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.Counters;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.UpgradeRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries the calls of any thread over to the loop. */
final class LoopSession implements Session {

    private final Logger log = LoggerFactory.getLogger(LoopSession.class);
    private final Connection connection;
    private final Loop loop;
    private final Host host;

    LoopSession(Connection connection, Loop loop, Host host) {
        this.connection = connection;
        this.loop = loop;
        this.host = host;
    }

    @Override
    public int number() {
        return connection.number();
    }

    @Override
    public UpgradeRequest request() {
        return loop.call(connection::request);
    }

    @Override
    public Optional<String> protocol() {
        return loop.call(() -> Optional.of(connection.protocol()).filter(p -> !p.isEmpty()));
    }

    @Override
    public boolean isOpen() {
        return loop.call(connection::isOpen);
    }

    @Override
    public void text(String text) {
        loop.run(() -> connection.send(Frames.text(text)));
    }

    @Override
    public void binary(byte[] payload) {
        loop.run(() -> connection.send(Frames.frame(true, Frames.BINARY, payload)));
    }

    @Override
    public void fragments(String... parts) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < parts.length; i++) {
            frames.writeBytes(Frames.frame(
                    i == parts.length - 1,
                    i == 0 ? Frames.TEXT : Frames.CONTINUATION,
                    parts[i].getBytes(StandardCharsets.UTF_8)));
        }
        loop.run(() -> connection.send(frames.toByteArray()));
    }

    @Override
    public void ping(byte[] payload) {
        checkControl(payload);
        loop.run(() -> connection.ping(payload));
    }

    @Override
    public void pong(byte[] payload) {
        checkControl(payload);
        loop.run(() -> connection.pong(payload));
    }

    private static void checkControl(byte[] payload) {
        if (payload.length > 125) {
            throw new IllegalArgumentException("control frame payload longer than 125 bytes: " + payload.length);
        }
    }

    @Override
    public void raw(byte[] bytes) {
        byte[] copy = bytes.clone();
        loop.run(() -> connection.send(copy));
    }

    @Override
    public void close(int code, String reason) {
        loop.run(() -> connection.close(End.SERVER, code, reason));
    }

    @Override
    public void fin() {
        loop.run(() -> connection.fin(End.SERVER, "FIN"));
    }

    @Override
    public void reset() {
        loop.run(() -> connection.reset(End.SERVER, "RST"));
    }

    @Override
    public void later(Duration delay, Runnable action) {
        loop.run(() -> connection.later(delay.toNanos(), action));
    }

    @Override
    public CompletableFuture<Long> play(Iterator<String> texts, double perSecond) {
        if (!(perSecond >= 0)) {
            throw new IllegalArgumentException("perSecond must not be negative: " + perSecond);
        }
        Iterator<byte[]> frames = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return texts.hasNext();
            }

            @Override
            public byte[] next() {
                return Frames.text(texts.next());
            }
        };
        return loop.call(() -> connection.play(new Playback(frames, false, () -> close(texts)), perSecond));
    }

    private void close(Iterator<String> texts) {
        if (texts instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception | LinkageError | StackOverflowError e) {
                log.warn("closing what was played failed", e);
            }
        }
    }

    @Override
    public Counters counters() {
        return loop.call(connection::counters);
    }

    @Override
    public List<Received> received() {
        return loop.call(connection::received);
    }

    @Override
    public AcceptRecord record() {
        return loop.call(connection::record);
    }

    @Override
    public String awaitText(Predicate<String> wanted, Duration limit) {
        return host.await(
                "a text message on connection " + number(),
                () -> connection.received().stream()
                        .filter(r -> r.kind() == Received.Kind.TEXT)
                        .map(Received::text)
                        .filter(wanted)
                        .findFirst(),
                limit);
    }

    @Override
    public AcceptRecord awaitEnd(Duration limit) {
        return host.await(
                "the end of connection " + number(),
                () -> Optional.of(connection.record()).filter(r -> r.end() != AcceptRecord.End.OPEN),
                limit);
    }

    @Override
    public String toString() {
        return "Session " + number();
    }
}
