// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes down what a client's user is told: messages, continuity and events, each in order. */
class Seen implements MessageListener, ConnectionListener {
    private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+)");

    /** All guarded by this. */
    private final List<String> texts = new ArrayList<>();

    private final List<byte[]> binaries = new ArrayList<>();
    private final List<Continuity> continuity = new ArrayList<>();
    private final List<ConnectionEvent> events = new ArrayList<>();
    private final List<String> threads = new ArrayList<>();

    @Override
    public synchronized void onMessage(Message message) {
        threads.add(Thread.currentThread().getName());
        if (message.isText()) {
            texts.add(message.text());
        } else {
            ByteBuffer view = message.bytes();
            byte[] copy = new byte[view.remaining()];
            view.duplicate().get(copy);
            binaries.add(copy);
        }
    }

    @Override
    public synchronized void onContinuity(Continuity event) {
        continuity.add(event);
    }

    @Override
    public synchronized void onEvent(ConnectionEvent event) {
        events.add(event);
    }

    synchronized List<String> texts() {
        return List.copyOf(texts);
    }

    synchronized int count() {
        return texts.size() + binaries.size();
    }

    synchronized List<byte[]> binaries() {
        return List.copyOf(binaries);
    }

    /** Names of the threads messages came on, one for each message. */
    synchronized List<String> threads() {
        return List.copyOf(threads);
    }

    synchronized List<ConnectionEvent> events() {
        return List.copyOf(events);
    }

    synchronized <T extends Continuity> List<T> continuity(Class<T> kind) {
        return continuity.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    synchronized List<Continuity> continuity() {
        return List.copyOf(continuity);
    }

    /** The simulator's numbers in the messages, in order. */
    List<Long> numbers() {
        List<Long> numbers = new ArrayList<>();
        for (String text : texts()) {
            Matcher m = SEQ.matcher(text);
            if (m.find()) {
                numbers.add(Long.valueOf(m.group(1)));
            }
        }
        return numbers;
    }

    List<Type> types() {
        return events().stream().map(ConnectionEvent::type).toList();
    }

    List<ConnectionEvent> events(Type type) {
        return events().stream().filter(e -> e.type() == type).toList();
    }

    boolean has(Type type) {
        return !events(type).isEmpty();
    }

    /** Waits for the event, the given one of its type. */
    ConnectionEvent await(Type type, int which) {
        House.until(type + " no. " + which, () -> events(type).size() >= which);
        return events(type).get(which - 1);
    }

    ConnectionEvent await(Type type) {
        return await(type, 1);
    }

    /** The cause of the first such event, which is waited for. */
    Cause cause(Type type) {
        return await(type).cause().orElseThrow();
    }
}
