// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.ConnectionListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;

/** The clients' events with the time at which they were heard of. Written on the observer lane, waited for by the script. */
final class Sightings implements ConnectionListener {

    private static final int KEPT = 10_000;

    /** Guarded by this; oldest first. */
    private final Deque<Sighting> all = new ArrayDeque<>();

    /** @param nanos {@link System#nanoTime()} */
    record Sighting(ConnectionEvent event, long nanos) {}

    @Override
    public synchronized void onEvent(ConnectionEvent event) {
        if (all.size() == KEPT) {
            all.poll();
        }
        all.add(new Sighting(event, System.nanoTime()));
        notifyAll();
    }

    /** The first of a type that was heard of at or after a time; empty if none came within the limit. */
    Optional<Sighting> await(Target target, Type type, long sinceNanos, Duration limit) throws InterruptedException {
        return await(
                s -> s.event().clientId().equals(target.id())
                        && s.event().type() == type
                        && s.nanos() - sinceNanos >= 0,
                limit);
    }

    private synchronized Optional<Sighting> await(Predicate<Sighting> wanted, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<Sighting> found = all.stream().filter(wanted).findFirst();
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (found.isPresent() || left <= 0) {
                return found;
            }
            wait(left);
        }
    }

    /** How many of a type were heard of at or after a time. */
    synchronized long count(Target target, Type type, long sinceNanos) {
        return all.stream()
                .filter(s -> s.event().clientId().equals(target.id())
                        && s.event().type() == type
                        && s.nanos() - sinceNanos >= 0)
                .count();
    }

    /** The last one of a type so far. */
    synchronized Optional<Sighting> last(Target target, Type type) {
        return all.stream()
                .filter(s ->
                        s.event().clientId().equals(target.id()) && s.event().type() == type)
                .reduce((earlier, later) -> later);
    }
}
