// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.data;

import io.holdfast.simulator.SequenceRange;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Loop;
import io.holdfast.simulator.internal.net.Outbox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One channel: its numbers follow the clock, whether or not anybody listens. The clock is only asked when somebody does.
 * Loop thread only.
 */
public final class Feed {

    /** Makes the whole WebSocket frame of a number. */
    public interface Renderer {
        /** @param variant the shape the subscriber asked for */
        byte[] frame(long sequence, long nanos, int variant);
    }

    /** One connection's share; told what was written. */
    private static final class Subscriber implements Outbox.Done {
        private final Connection connection;
        private final Ranges ranges;
        private int variant;
        private int skip; // messages still to be lost
        private boolean twice;

        private Subscriber(Connection connection, int variant, Ranges ranges) {
            this.connection = connection;
            this.variant = variant;
            this.ranges = ranges;
        }

        @Override
        public void written(long sequence) {
            ranges.add(sequence);
        }
    }

    private static final long BURST = 10_000; // beyond that the past is skipped: its numbers are never written
    private static final long MIN_TICK_NANOS = 1_000_000;

    private final Loop loop;
    private final Renderer renderer;
    private final Predicate<Connection> silent;
    private final int keep;
    private final Map<Integer, Subscriber> subscribers = new LinkedHashMap<>();
    private final LinkedHashMap<Integer, Ranges> written = new LinkedHashMap<>();
    private double rate;
    private long baseNanos;
    private long baseNumber;
    private long last;
    private long forgottenCount;
    private Loop.Timer tick;

    Feed(Loop loop, Renderer renderer, Predicate<Connection> silent, double rate, int keep) {
        this.loop = loop;
        this.renderer = renderer;
        this.silent = silent;
        this.rate = rate;
        this.keep = keep;
        this.baseNanos = System.nanoTime();
    }

    /** @return false when it was subscribed before: then only the variant changes */
    public boolean subscribe(Connection connection, int variant) {
        Subscriber known = subscribers.get(connection.number());
        if (known != null) {
            known.variant = variant;
            return false;
        }
        if (subscribers.isEmpty()) {
            last = due();
        }
        Ranges ranges = written.computeIfAbsent(connection.number(), n -> new Ranges());
        subscribers.put(connection.number(), new Subscriber(connection, variant, ranges));
        forgetOld();
        plan();
        return true;
    }

    /** The next messages to this connection are lost; their numbers are not written. */
    void skip(Connection connection, int messages) {
        Subscriber subscriber = subscribers.get(connection.number());
        if (subscriber != null) {
            subscriber.skip += messages;
        }
    }

    /** The next message to this connection is sent twice. */
    void twice(Connection connection) {
        Subscriber subscriber = subscribers.get(connection.number());
        if (subscriber != null) {
            subscriber.twice = true;
        }
    }

    public boolean unsubscribe(Connection connection) {
        boolean was = subscribers.remove(connection.number()) != null;
        if (subscribers.isEmpty()) {
            loop.cancel(tick);
            tick = null;
        }
        return was;
    }

    /** The highest number that is due. */
    public long last() {
        if (subscribers.isEmpty()) {
            last = due();
        }
        return last;
    }

    /** From here on numbered like the other, as two streams of one thing are. Only before anybody subscribed. */
    void numberedLike(Feed other) {
        baseNumber = other.baseNumber;
        baseNanos = other.baseNanos;
        rate = other.rate;
    }

    void rate(double perSecond) {
        baseNumber = due();
        baseNanos = System.nanoTime();
        rate = perSecond;
        plan();
    }

    int subscribers() {
        return subscribers.size();
    }

    List<SequenceRange> written(int connection) {
        Ranges ranges = written.get(connection);
        return ranges == null ? List.of() : ranges.list();
    }

    List<SequenceRange> written() {
        List<SequenceRange> all = new ArrayList<>();
        written.values().forEach(r -> all.addAll(r.list()));
        return Ranges.union(all);
    }

    long writtenCount() {
        return forgottenCount
                + written.values().stream().mapToLong(Ranges::count).sum();
    }

    private void forgetOld() {
        var oldest = written.entrySet().iterator();
        while (written.size() > keep && oldest.hasNext()) {
            Map.Entry<Integer, Ranges> entry = oldest.next();
            if (!subscribers.containsKey(entry.getKey())) {
                forgottenCount += entry.getValue().count();
                oldest.remove();
            }
        }
    }

    private long due() {
        return baseNumber + (long) ((System.nanoTime() - baseNanos) * rate / 1e9);
    }

    private void plan() {
        loop.cancel(tick);
        tick = null;
        if (subscribers.isEmpty() || rate <= 0) {
            return;
        }
        long at = baseNanos + (long) Math.ceil((last + 1 - baseNumber) * 1e9 / rate);
        tick = loop.schedule(Math.max(MIN_TICK_NANOS, at - System.nanoTime()), this::tick);
    }

    private void tick() {
        tick = null;
        long due = due();
        last = Math.max(last, due - BURST);
        while (last < due) {
            last++;
            publish(last);
        }
        plan();
    }

    private void publish(long sequence) {
        long nanos = System.nanoTime();
        Map<Integer, byte[]> frames = new HashMap<>(4);
        // a copy: a slow reader is dropped in here, and leaves
        for (Subscriber subscriber : List.copyOf(subscribers.values())) {
            if (subscriber.skip > 0) {
                subscriber.skip--;
            } else if (!silent.test(subscriber.connection)) {
                byte[] frame = frames.computeIfAbsent(subscriber.variant, v -> renderer.frame(sequence, nanos, v));
                subscriber.connection.send(frame, subscriber, sequence);
                if (subscriber.twice) {
                    subscriber.twice = false;
                    subscriber.connection.send(frame);
                }
            }
        }
    }
}
