// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.Recording;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.internal.net.Connection;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recordings that take the place of the numbered data on a path. Loop thread only. */
public final class Replays {

    private interface Play {
        CompletableFuture<Long> to(Connection connection);
    }

    private record Plan(Play play, CompletableFuture<Long> first) {}

    private final Logger log = LoggerFactory.getLogger(Replays.class);
    private final Map<String, Plan> plans = new LinkedHashMap<>();

    public void put(String path, Supplier<Iterator<String>> frames, double perSecond, CompletableFuture<Long> first) {
        plans.put(path, new Plan(connection -> connection.session().play(frames.get(), perSecond), first));
    }

    /** At the pace of the recording. */
    public void put(String path, Recording recording, double speed, CompletableFuture<Long> first) {
        plans.put(path, new Plan(connection -> play(connection, recording.open(), speed), first));
    }

    private CompletableFuture<Long> play(Connection connection, Iterator<Recording.Frame> frames, double speed) {
        connection.atEnd(() -> close(frames));
        return new AsRecorded(connection.session(), frames, speed).begin();
    }

    private void close(Iterator<Recording.Frame> frames) {
        try {
            ((AutoCloseable) frames).close();
        } catch (Exception e) {
            log.warn("closing a recording failed", e);
        }
    }

    /** One recording on its way to one connection. */
    private static final class AsRecorded {
        private final Session session;
        private final Iterator<Recording.Frame> frames;
        private final double speed;
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private Recording.Frame last;
        private long count;

        private AsRecorded(Session session, Iterator<Recording.Frame> frames, double speed) {
            this.session = session;
            this.frames = frames;
            this.speed = speed;
        }

        private CompletableFuture<Long> begin() {
            next();
            return done;
        }

        private void next() {
            try {
                if (!session.isOpen() || !frames.hasNext()) {
                    done.complete(count);
                    return;
                }
                Recording.Frame frame = frames.next();
                long gap = last == null ? 0 : Math.max(0, frame.epochNanos() - last.epochNanos());
                last = frame;
                session.later(Duration.ofNanos((long) (gap / speed)), () -> send(frame));
            } catch (RuntimeException e) {
                done.completeExceptionally(e); // a recording that cannot be read: the caller is told
            }
        }

        private void send(Recording.Frame frame) {
            session.text(frame.text());
            count++;
            next();
        }
    }

    boolean covers(Connection connection) {
        return plan(connection) != null;
    }

    void start(Connection connection) {
        Plan plan = plan(connection);
        plan.play.to(connection).whenComplete((count, failure) -> {
            if (failure != null) {
                plan.first.completeExceptionally(failure);
            } else {
                plan.first.complete(count);
            }
        });
    }

    private Plan plan(Connection connection) {
        return plans.entrySet().stream()
                .filter(e -> connection.path().startsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
