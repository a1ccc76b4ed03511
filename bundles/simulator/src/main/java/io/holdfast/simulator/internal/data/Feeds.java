// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.data;

import io.holdfast.simulator.NumberedData;
import io.holdfast.simulator.SequenceRange;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.internal.net.Connection;
import io.holdfast.simulator.internal.net.Loop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** All channels of a simulator. The {@link NumberedData} part is for any thread, the rest for the loop. */
public final class Feeds implements NumberedData {

    /** Far more than anybody opens at once: it only keeps a client that invents names from filling the memory. */
    static final int MAX = 100_000;

    private final Loop loop;
    private final int keep;
    private final BiPredicate<Connection, String> silenced;
    private final Map<String, Feed> feeds = new LinkedHashMap<>();
    private final Map<String, Double> rates = new LinkedHashMap<>();
    private double rate;

    public Feeds(Loop loop, SimulatorOptions options, BiPredicate<Connection, String> silenced) {
        this.loop = loop;
        this.rate = options.rate();
        this.keep = options.keepAccepts();
        this.silenced = silenced;
    }

    /** The feed of a channel, begun now if it is new; null when there are too many channels. */
    public Feed feed(String channel, Feed.Renderer renderer) {
        Feed feed = feeds.get(channel);
        if (feed == null && feeds.size() < MAX) {
            feed = new Feed(
                    loop,
                    renderer,
                    connection -> silenced.test(connection, channel),
                    rates.getOrDefault(channel, rate),
                    keep);
            feeds.put(channel, feed);
        }
        return feed;
    }

    /** The same; if it is new, numbered like the first of the others that there is. */
    public Feed feed(String channel, Feed.Renderer renderer, List<String> others) {
        boolean known = feeds.containsKey(channel);
        Feed feed = feed(channel, renderer);
        if (!known && feed != null && !rates.containsKey(channel)) {
            others.stream()
                    .filter(other -> !other.equals(channel) && feeds.containsKey(other))
                    .findFirst()
                    .ifPresent(other -> feed.numberedLike(feeds.get(other)));
        }
        return feed;
    }

    /** Loses the next messages of a channel to a connection; nothing where it is not subscribed. */
    public void skip(Connection connection, String channel, int messages) {
        Feed feed = feeds.get(channel);
        if (feed != null) {
            feed.skip(connection, messages);
        }
    }

    /** Sends the next message of a channel to a connection twice; nothing where it is not subscribed. */
    public void twice(Connection connection, String channel) {
        Feed feed = feeds.get(channel);
        if (feed != null) {
            feed.twice(connection);
        }
    }

    public void unsubscribe(Connection connection, String channel) {
        Feed feed = feeds.get(channel);
        if (feed != null) {
            feed.unsubscribe(connection);
        }
    }

    @Override
    public void rate(double perSecond) {
        check(perSecond);
        loop.run(() -> {
            rate = perSecond;
            feeds.forEach((channel, feed) -> {
                if (!rates.containsKey(channel)) {
                    feed.rate(perSecond);
                }
            });
        });
    }

    @Override
    public void rate(String channel, double perSecond) {
        check(perSecond);
        loop.run(() -> {
            if (rates.size() >= MAX && !rates.containsKey(channel)) {
                throw new IllegalStateException("more than " + MAX + " channels with a rate of their own");
            }
            rates.put(channel, perSecond);
            Feed feed = feeds.get(channel);
            if (feed != null) {
                feed.rate(perSecond);
            }
        });
    }

    private static void check(double perSecond) {
        if (!(perSecond >= 0 && perSecond <= 100_000)) {
            throw new IllegalArgumentException("rate must be in 0..100000: " + perSecond);
        }
    }

    @Override
    public List<String> channels() {
        return loop.call(() -> List.copyOf(feeds.keySet()));
    }

    @Override
    public long last(String channel) {
        return loop.call(() -> feeds.containsKey(channel) ? feeds.get(channel).last() : 0L);
    }

    @Override
    public int subscribers(String channel) {
        return loop.call(() -> feeds.containsKey(channel) ? feeds.get(channel).subscribers() : 0);
    }

    @Override
    public List<SequenceRange> written(String channel, int connection) {
        return loop.call(() -> feeds.containsKey(channel) ? feeds.get(channel).written(connection) : List.of());
    }

    @Override
    public List<SequenceRange> written(String channel) {
        return loop.call(() -> feeds.containsKey(channel) ? feeds.get(channel).written() : List.of());
    }

    @Override
    public List<SequenceRange> notWritten(String channel, long first, long last) {
        return Ranges.complement(written(channel), first, last);
    }

    @Override
    public long writtenCount(String channel) {
        return loop.call(() -> feeds.containsKey(channel) ? feeds.get(channel).writtenCount() : 0L);
    }
}
