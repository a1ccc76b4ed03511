// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The calls of one connection, from the moment they are wanted until each has ended exactly once: those that wait for the
 * exchange's limits, in order for each limit, and those that wait for their answer. Pure but for its own state; not
 * thread-safe.
 *
 * @param <T> for whom a call is
 */
public final class Calls<T> {
    /** More than this many at once are refused: a server that does not answer must not cost memory without end. */
    public static final int MOST = 4096;

    /** A call and for whom it is. */
    public record Entry<T>(String id, Call call, T owner) {}

    private static final class Waiting<T> {
        private final Entry<T> entry;
        private final Map<String, Long> costs;
        private final long since;

        private Waiting(Entry<T> entry, Map<String, Long> costs, long since) {
            this.entry = entry;
            this.costs = costs;
            this.since = since;
        }
    }

    private static final class Sent<T> {
        private final Entry<T> entry;
        private boolean written;
        private long writtenAt;

        private Sent(Entry<T> entry) {
            this.entry = entry;
        }
    }

    private final Credits credits;
    private final Map<String, Waiting<T>> waiting = new LinkedHashMap<>();
    private final Map<String, Sent<T>> sent = new LinkedHashMap<>();

    public Calls(Credits credits) {
        this.credits = credits;
    }

    /** @return whether it is taken: not with an id that is under way, nor beyond {@link #MOST} */
    public boolean add(Entry<T> entry, long now) {
        boolean known = waiting.containsKey(entry.id()) || sent.containsKey(entry.id());
        if (known || size() >= MOST) {
            return false;
        }
        waiting.put(entry.id(), new Waiting<>(entry, credits.costs(entry.call().method()), now));
        return true;
    }

    public int size() {
        return waiting.size() + sent.size();
    }

    /** The limits for which calls wait. */
    public Set<String> claims() {
        if (waiting.isEmpty()) {
            return Set.of();
        }
        Set<String> claims = new HashSet<>();
        waiting.values().forEach(w -> claims.addAll(w.costs.keySet()));
        return claims;
    }

    /** Those that may be sent now; they count as sent from here on. */
    public List<Entry<T>> due(long now) {
        List<Entry<T>> due = new ArrayList<>();
        // What comes later must not overtake what waits for the same limit.
        Set<String> held = new HashSet<>();
        for (Iterator<Waiting<T>> i = waiting.values().iterator(); i.hasNext(); ) {
            Waiting<T> w = i.next();
            boolean behind = w.costs.keySet().stream().anyMatch(held::contains);
            if (behind || !credits.take(w.costs, now)) {
                held.addAll(w.costs.keySet());
                continue;
            }
            i.remove();
            sent.put(w.entry.id(), new Sent<>(w.entry));
            due.add(w.entry);
        }
        return due;
    }

    /** Those whose patience is over; they are forgotten. To be asked for after {@link #due}. */
    public List<Entry<T>> impatient(long now) {
        List<Entry<T>> over = new ArrayList<>();
        for (Iterator<Waiting<T>> i = waiting.values().iterator(); i.hasNext(); ) {
            Waiting<T> w = i.next();
            if (now - w.since >= w.entry.call().patience().toNanos()) {
                i.remove();
                over.add(w.entry);
            }
        }
        return over;
    }

    /** The server's time for the answer runs from here on. */
    public void written(String id, long now) {
        Sent<T> s = sent.get(id);
        if (s != null && !s.written) {
            s.written = true;
            s.writtenAt = now;
        }
    }

    /** The call that an answer belongs to, which is over with it. @param id empty for the oldest */
    public Optional<Entry<T>> answered(String id) {
        String key = id.isEmpty() ? sent.keySet().stream().findFirst().orElse("") : id;
        return Optional.ofNullable(sent.remove(key)).map(s -> s.entry);
    }

    /** Whether an answer is overdue. @param held until then nothing was read, so that nothing is missing */
    public boolean overdue(long held, long now) {
        return sent.values().stream().anyMatch(s -> left(s, held, now) <= 0);
    }

    /** Those whose answer is overdue; they are forgotten. */
    public List<Entry<T>> expired(long held, long now) {
        List<Entry<T>> over = new ArrayList<>();
        for (Iterator<Sent<T>> i = sent.values().iterator(); i.hasNext(); ) {
            Sent<T> s = i.next();
            if (left(s, held, now) <= 0) {
                i.remove();
                over.add(s.entry);
            }
        }
        return over;
    }

    private static long left(Sent<?> s, long held, long now) {
        if (!s.written) {
            return Long.MAX_VALUE;
        }
        long from = held - s.writtenAt > 0 ? held : s.writtenAt;
        return s.entry.call().limit().toNanos() - (now - from);
    }

    /** Nanoseconds until something is to be done; {@code MAX_VALUE} if nothing is. */
    public long next(long held, long now) {
        long next = Long.MAX_VALUE;
        for (Waiting<T> w : waiting.values()) {
            next = Math.min(next, Math.max(1, credits.lacking(w.costs, now)));
            Duration patience = w.entry.call().patience();
            next = Math.min(next, Math.max(1, patience.toNanos() - (now - w.since)));
        }
        for (Sent<T> s : sent.values()) {
            next = Math.min(next, Math.max(1, left(s, held, now)));
        }
        return next;
    }

    /** The connection has ended: those that wait have not been sent; they are forgotten. */
    public List<Entry<T>> unsent() {
        List<Entry<T>> all = waiting.values().stream().map(w -> w.entry).toList();
        waiting.clear();
        return all;
    }

    /** The connection has ended: of those that were sent nobody knows; they are forgotten. */
    public List<Entry<T>> unanswered() {
        List<Entry<T>> all = sent.values().stream().map(s -> s.entry).toList();
        sent.clear();
        return all;
    }
}
