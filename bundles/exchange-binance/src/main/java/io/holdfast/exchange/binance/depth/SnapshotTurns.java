// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose snapshot is asked for next: so many at once, in the order in which they were wanted, and each book after a pause that
 * doubles as long as it is asked for again and again. Pure but for its own state; for one thread. Times are nanoseconds.
 */
final class SnapshotTurns {
    private static final long FIRST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private record Asked(long at, long pause) {}

    private final int atOnce;
    private final Set<String> waiting = new LinkedHashSet<>();
    private final Set<String> underWay = new HashSet<>();
    private final Map<String, Asked> asked = new HashMap<>();

    SnapshotTurns(int atOnce) {
        this.atOnce = atOnce;
    }

    void want(String book) {
        if (!underWay.contains(book)) {
            waiting.add(book);
        }
    }

    /** Whose turn has come; it is under way from here on. */
    Optional<String> next(long now) {
        if (underWay.size() >= atOnce) {
            return Optional.empty();
        }
        for (Iterator<String> i = waiting.iterator(); i.hasNext(); ) {
            String book = i.next();
            Asked before = asked.get(book);
            if (before == null || now - before.at >= before.pause) {
                i.remove();
                underWay.add(book);
                boolean again = before != null && now - before.at < before.pause + LONGEST;
                asked.put(book, new Asked(now, again ? Math.min(LONGEST, before.pause * 2) : FIRST));
                return Optional.of(book);
            }
        }
        return Optional.empty();
    }

    void ended(String book) {
        underWay.remove(book);
    }
}
