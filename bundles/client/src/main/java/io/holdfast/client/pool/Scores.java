// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How well each member of a pool does, and in what order they are to be tried. Pure but for its own state; not thread-safe.
 * Times are monotonic nanoseconds, which may wrap. What is known of a member is forgotten when it is no member any more.
 */
public final class Scores {
    public static final int BEST = 100;

    private static final long MEMORY = Duration.ofSeconds(60).toNanos();
    private static final int FOR_ERROR = 10;
    private static final int MOST_FOR_ERRORS = 20;
    private static final int FOR_PENDING = 4;
    private static final int MOST_FOR_PENDING = 40;
    private static final int MOST_FOR_TIME = 30;

    /** A round trip this long costs all that a round trip can. */
    private static final long SLOW = Duration.ofSeconds(1).toNanos();

    /** Share of the newest round trip in the mean. */
    private static final double NEWEST = 0.25;

    private static final int ERRORS_KEPT = MOST_FOR_ERRORS / FOR_ERROR;

    private static final class Known {
        private int pending;
        private long requests;

        /** Mean of round trips in nanoseconds; 0 before the first. */
        private double roundTrip;

        /** When the newest errors came. */
        private final Deque<Long> errors = new ArrayDeque<>(ERRORS_KEPT);

        private void forget(long now) {
            errors.removeIf(at -> now - at >= MEMORY);
        }

        private int score(long now) {
            forget(now);
            int pendingCost = (int) Math.min(MOST_FOR_PENDING, (long) pending * FOR_PENDING);
            int timeCost = (int) Math.min(MOST_FOR_TIME, MOST_FOR_TIME * roundTrip / SLOW);
            return BEST - errors.size() * FOR_ERROR - pendingCost - timeCost;
        }
    }

    /**
     * A member in one moment.
     *
     * @param score from 10, the worst, to {@link #BEST}
     * @param errors of the last 60 s that count
     * @param roundTripNanos mean, newer ones weighing more; 0 before the first
     */
    public record Standing(int score, int pending, long requests, int errors, long roundTripNanos) {}

    private final Map<String, Known> members = new HashMap<>();
    private int turn;

    /** Who is to be tried, the best first; among equals somebody else each time. Others than these are forgotten. */
    public List<String> order(Collection<String> all, Collection<String> open, long now) {
        members.keySet().retainAll(all);
        List<String> order = new ArrayList<>(open);
        order.sort(Comparator.naturalOrder());
        if (!order.isEmpty()) {
            Collections.rotate(order, -Math.floorMod(turn++, order.size()));
        }
        Map<String, Integer> scores = new HashMap<>();
        order.forEach(id -> scores.put(id, standing(id, now).score()));
        // Stable: equals stay in the order of their turn.
        order.sort(Comparator.comparing(scores::get, Comparator.reverseOrder()));
        return order;
    }

    public Standing standing(String id, long now) {
        Known known = members.get(id);
        return known == null
                ? new Standing(BEST, 0, 0, 0, 0)
                : new Standing(
                        known.score(now), known.pending, known.requests, known.errors.size(), (long) known.roundTrip);
    }

    public void began(String id) {
        Known known = members.computeIfAbsent(id, k -> new Known());
        known.pending++;
        known.requests++;
    }

    /** It did what was asked; its errors are forgiven. */
    public void succeeded(String id, long roundTripNanos) {
        Known known = members.get(id);
        if (known != null) {
            known.pending = Math.max(0, known.pending - 1);
            known.errors.clear();
            known.roundTrip = known.roundTrip == 0
                    ? roundTripNanos
                    : known.roundTrip + NEWEST * (roundTripNanos - known.roundTrip);
        }
    }

    public void failed(String id, long now) {
        Known known = members.get(id);
        if (known != null) {
            known.pending = Math.max(0, known.pending - 1);
            if (known.errors.size() == ERRORS_KEPT) {
                known.errors.removeFirst();
            }
            known.errors.addLast(now);
        }
    }

    /** It answered, though not as was hoped for: that is no error of the connection. */
    public void answered(String id) {
        Known known = members.get(id);
        if (known != null) {
            known.pending = Math.max(0, known.pending - 1);
        }
    }
}
