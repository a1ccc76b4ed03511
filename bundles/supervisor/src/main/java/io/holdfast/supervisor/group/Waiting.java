// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Child;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Children that want in and cannot, each in the queue of what it waits for. Confined to the group's mailbox. */
final class Waiting {
    /** What a child waits for, but for an id that is in use. */
    enum Cause {
        /** That a dynamic group has fewer children. */
        ROOM,
        /** That another supervisor lets it go. */
        OWNER,
        /** Options of the group that fit it. */
        OPTIONS
    }

    private record FreeId(String id) {}

    private final Map<Child, Object> keys = new IdentityHashMap<>();
    private final Map<Object, Deque<Child>> queues = new HashMap<>();

    void forId(String id, Child child) {
        put(new FreeId(id), child);
    }

    void forCause(Cause cause, Child child) {
        put(cause, child);
    }

    boolean waitsFor(Cause cause, Child child) {
        return keys.get(child) == cause;
    }

    boolean isEmpty(Cause cause) {
        return !queues.containsKey(cause);
    }

    /** The first that waited for that id, which then waits no longer. */
    Optional<Child> pollId(String id) {
        return poll(new FreeId(id));
    }

    /** The first that waited for that, which then waits no longer. */
    Optional<Child> poll(Cause cause) {
        return poll((Object) cause);
    }

    /** All that wait for that; they go on waiting until {@link #remove}. */
    List<Child> all(Cause cause) {
        return new ArrayList<>(queues.getOrDefault(cause, new ArrayDeque<>()));
    }

    void remove(Child child) {
        Object key = keys.remove(child);
        if (key != null) {
            Deque<Child> queue = queues.get(key);
            queue.removeIf(waiting -> waiting == child);
            dropIfEmpty(key, queue);
        }
    }

    private void put(Object key, Child child) {
        if (keys.get(child) != null && keys.get(child).equals(key)) {
            return;
        }
        remove(child);
        keys.put(child, key);
        queues.computeIfAbsent(key, k -> new ArrayDeque<>()).add(child);
    }

    private Optional<Child> poll(Object key) {
        Deque<Child> queue = queues.get(key);
        if (queue == null) {
            return Optional.empty();
        }
        Child child = queue.poll();
        keys.remove(child);
        dropIfEmpty(key, queue);
        return Optional.of(child);
    }

    private void dropIfEmpty(Object key, Deque<Child> queue) {
        if (queue.isEmpty()) {
            queues.remove(key);
        }
    }
}
