// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** What a client's user is told. */
final class Notes implements MessageListener, ConnectionListener {
    private final List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicLong messages = new AtomicLong();

    @Override
    public void onMessage(Message message) {
        messages.incrementAndGet();
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        events.add(event);
    }

    long messages() {
        return messages.get();
    }

    long count(Type type) {
        return events.stream().filter(e -> e.type() == type).count();
    }

    /** The cause of the first such event, which is waited for. */
    Cause cause(Type type) {
        Rig.until(type.name(), () -> count(type) > 0);
        return events.stream()
                .filter(e -> e.type() == type)
                .findFirst()
                .orElseThrow()
                .cause()
                .orElseThrow();
    }

    List<String> lost() {
        return events.stream()
                .filter(e -> e.type() == Type.LOST || e.type() == Type.CONNECT_FAILED)
                .map(e -> e.type() + " " + e.cause().map(Cause::message).orElse(""))
                .toList();
    }
}
