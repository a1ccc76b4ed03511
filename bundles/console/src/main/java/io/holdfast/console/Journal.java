// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import io.holdfast.api.client.ConnectionEvent;
import java.util.ArrayDeque;
import java.util.List;

/** The last events of all clients, in the order they came. Thread-safe. */
final class Journal {
    static final int EVENTS = 500;

    private final Object lock = new Object();

    /** Guarded by {@link #lock}. */
    private final ArrayDeque<ConnectionEvent> events = new ArrayDeque<>();

    void add(ConnectionEvent event) {
        synchronized (lock) {
            if (events.size() == EVENTS) {
                events.removeFirst();
            }
            events.addLast(event);
        }
    }

    /** Oldest first. */
    List<ConnectionEvent> all() {
        synchronized (lock) {
            return List.copyOf(events);
        }
    }
}
