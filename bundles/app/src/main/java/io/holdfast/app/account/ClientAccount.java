// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.account;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What one client delivered, by the numbers in the messages. Its queries may be used from any thread. */
public final class ClientAccount implements MessageListener {

    /** More than a test configuration has; numbers of further streams are not kept. */
    private static final int MOST_STREAMS = 256;

    private final Map<String, StreamAccount> streams = new ConcurrentHashMap<>();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong interruptions = new AtomicLong();
    private volatile Optional<Arrival> arrival = Optional.empty();
    private volatile Consumer<Message> conduct = message -> {};

    /**
     * The first numbered message of a connection.
     *
     * @param connection the client's number of it
     * @param nanos {@link System#nanoTime()} when it was read
     */
    public record Arrival(long connection, long nanos) {}

    @Override
    public void onMessage(Message message) {
        messages.incrementAndGet();
        if (message.isText()) {
            Numbered.find(message.text()).ifPresent(numbered -> count(numbered, message));
        }
        conduct.accept(message);
    }

    private void count(Numbered numbered, Message message) {
        StreamAccount account = streams.get(numbered.stream());
        if (account == null) {
            if (streams.size() >= MOST_STREAMS) {
                return;
            }
            account = streams.computeIfAbsent(numbered.stream(), name -> new StreamAccount());
        }
        account.delivered(numbered.number());
        if (arrival.isEmpty() || arrival.get().connection() != message.connection()) {
            arrival = Optional.of(new Arrival(message.connection(), message.receivedNanos()));
        }
    }

    @Override
    public void onContinuity(Continuity continuity) {
        if (continuity instanceof Continuity.Interrupted || continuity instanceof Continuity.Gap) {
            interruptions.incrementAndGet();
            streams.values().forEach(StreamAccount::interrupted);
        }
    }

    /**
     * How the listener behaves after it has counted a message: it may throw or take its time. Holds from the next message on.
     *
     * @param next called in the listener's lane
     */
    public void conduct(Consumer<Message> next) {
        conduct = next;
    }

    /** Messages delivered, numbered or not. */
    public long messages() {
        return messages.get();
    }

    /** How often the listener was told that something may be missing. */
    public long interruptions() {
        return interruptions.get();
    }

    /** First numbered message of the newest connection that had one. */
    public Optional<Arrival> arrival() {
        return arrival;
    }

    /** All streams so far. */
    public Map<String, StreamAccount.Snapshot> snapshot() {
        Map<String, StreamAccount.Snapshot> all = new TreeMap<>();
        streams.forEach((stream, account) -> all.put(stream, account.snapshot()));
        return all;
    }
}
