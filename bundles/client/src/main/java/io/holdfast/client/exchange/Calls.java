// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.Call;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The calls of one connection, from the moment they are wanted until each has ended exactly once: those that wait for the
 * exchange's limits, in order for each limit, and those that wait for their answer. The session's own, without which there
 * would be no session, go before those of users. Pure but for its own state; not thread-safe.
 *
 * @param <T> for whom a call is
 */
public final class Calls<T> {
    /**
     * More of users than this many at once are refused: a server that does not answer must not cost memory without end. The
     * session has a few under way at most.
     */
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
        private final boolean own;
        private boolean written;
        private long writtenAt;

        private Sent(Entry<T> entry, boolean own) {
            this.entry = entry;
            this.own = own;
        }
    }

    private final Credits credits;
    private final Map<String, Waiting<T>> waitingOwn = new LinkedHashMap<>();
    private final Map<String, Waiting<T>> waiting = new LinkedHashMap<>();
    private final Map<String, Sent<T>> sent = new LinkedHashMap<>();

    /** Of those that were sent. */
    private int sentOwn;

    public Calls(Credits credits) {
        this.credits = credits;
    }

    /**
     * @param own the session's and not a user's
     * @return whether it is taken: not with an id that is under way, nor for users beyond {@link #MOST}
     */
    public boolean add(Entry<T> entry, boolean own, long now) {
        String id = entry.id();
        boolean known = waitingOwn.containsKey(id) || waiting.containsKey(id) || sent.containsKey(id);
        if (known || !own && users() >= MOST) {
            return false;
        }
        (own ? waitingOwn : waiting)
                .put(id, new Waiting<>(entry, credits.costs(entry.call().method()), now));
        return true;
    }

    private int users() {
        return waiting.size() + sent.size() - sentOwn;
    }

    public int size() {
        return waitingOwn.size() + waiting.size() + sent.size();
    }

    /** The limits for which calls wait. */
    public Set<String> claims() {
        if (waitingOwn.isEmpty() && waiting.isEmpty()) {
            return Set.of();
        }
        Set<String> claims = new HashSet<>();
        waitingOwn.values().forEach(w -> claims.addAll(w.costs.keySet()));
        waiting.values().forEach(w -> claims.addAll(w.costs.keySet()));
        return claims;
    }

    /** Those that may be sent now; they count as sent from here on. */
    public List<Entry<T>> due(long now) {
        List<Entry<T>> due = new ArrayList<>();
        // What comes later must not overtake what waits for the same limit.
        Set<String> held = new HashSet<>();
        due(waitingOwn, true, held, due, now);
        due(waiting, false, held, due, now);
        return due;
    }

    private void due(Map<String, Waiting<T>> some, boolean own, Set<String> held, List<Entry<T>> due, long now) {
        for (Iterator<Waiting<T>> i = some.values().iterator(); i.hasNext(); ) {
            Waiting<T> w = i.next();
            if (behind(w, held) || !credits.take(w.costs, now)) {
                held.addAll(w.costs.keySet());
                continue;
            }
            i.remove();
            sent.put(w.entry.id(), new Sent<>(w.entry, own));
            sentOwn += own ? 1 : 0;
            due.add(w.entry);
        }
    }

    private static boolean behind(Waiting<?> w, Set<String> held) {
        return !Collections.disjoint(w.costs.keySet(), held);
    }

    /** Those whose patience is over; they are forgotten. To be asked for after {@link #due}. */
    public List<Entry<T>> impatient(long now) {
        List<Entry<T>> over = new ArrayList<>();
        impatient(waitingOwn, over, now);
        impatient(waiting, over, now);
        return over;
    }

    private void impatient(Map<String, Waiting<T>> some, List<Entry<T>> over, long now) {
        for (Iterator<Waiting<T>> i = some.values().iterator(); i.hasNext(); ) {
            Waiting<T> w = i.next();
            if (patience(w, now) <= 0) {
                i.remove();
                over.add(w.entry);
            }
        }
    }

    private static long patience(Waiting<?> w, long now) {
        return w.entry.call().patience().toNanos() - (now - w.since);
    }

    /** Ids of those that wait for their answer. */
    public Set<String> sent() {
        return Set.copyOf(sent.keySet());
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
        Optional<Sent<T>> answered = Optional.ofNullable(sent.remove(key));
        answered.ifPresent(this::over);
        return answered.map(s -> s.entry);
    }

    private void over(Sent<T> s) {
        sentOwn -= s.own ? 1 : 0;
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
                over(s);
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

    /** Nanoseconds until something is to be done; {@code MAX_VALUE} if nothing is. @param unread until then nothing was read */
    public long next(long unread, long now) {
        Set<String> held = new HashSet<>();
        long next = Math.min(next(waitingOwn, held, now), next(waiting, held, now));
        for (Sent<T> s : sent.values()) {
            next = Math.min(next, Math.max(1, left(s, unread, now)));
        }
        return next;
    }

    private long next(Map<String, Waiting<T>> some, Set<String> held, long now) {
        long next = Long.MAX_VALUE;
        for (Waiting<T> w : some.values()) {
            next = Math.min(next, Math.max(1, patience(w, now)));
            if (!behind(w, held)) {
                // Those behind it are looked at when it may go.
                next = Math.min(next, Math.max(1, credits.lacking(w.costs, now)));
            }
            held.addAll(w.costs.keySet());
        }
        return next;
    }

    /** The connection has ended: those that wait have not been sent; they are forgotten. */
    public List<Entry<T>> unsent() {
        List<Entry<T>> all = Stream.of(waitingOwn, waiting)
                .flatMap(some -> some.values().stream())
                .map(w -> w.entry)
                .toList();
        waitingOwn.clear();
        waiting.clear();
        return all;
    }

    /** The connection has ended: of those that were sent nobody knows; they are forgotten. */
    public List<Entry<T>> unanswered() {
        List<Entry<T>> all = sent.values().stream().map(s -> s.entry).toList();
        sent.clear();
        sentOwn = 0;
        return all;
    }
}
