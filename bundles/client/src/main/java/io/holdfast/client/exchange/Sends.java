// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.client.exchange.Credits.Lack;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The messages of users that wait for one connection's limits: first those of the options, then those of the exchange. They
 * leave in order. What the engine says by itself is {@link #charge charged} and never waits. Pure but for its own state; not
 * thread-safe but for {@link #charge}. Times are monotonic nanoseconds.
 *
 * @param <T> a message
 */
public final class Sends<T> {
    /** More than this many at once are refused. */
    public static final int MOST = 4096;

    /** What becomes of a message that is offered. */
    public enum Verdict {
        /** It leaves now. */
        GO,
        WAIT,
        /** There is no room now, and it may not wait. */
        REFUSED,
        /** There never is room for one so long. */
        TOO_LONG,
        /** Too many wait. */
        FULL
    }

    /** A message whose patience is over, and what it waited for. */
    public record Late<T>(T message, Lack lack) {}

    private record Costs(Map<String, Long> own, Map<String, Long> exchange) {}

    /** What some of those that wait will take. */
    private static final class Total {
        private final Map<String, Long> own = new HashMap<>();
        private final Map<String, Long> exchange = new HashMap<>();

        private void add(Costs costs, int sign) {
            costs.own.forEach((name, amount) -> own.merge(name, sign * amount, Long::sum));
            costs.exchange.forEach((name, amount) -> exchange.merge(name, sign * amount, Long::sum));
        }
    }

    private record Waiting<T>(T message, Costs costs, long patience, long since) {}

    private final SendLimits limits;
    private final Credits own;
    private final Credits exchange;
    private final Map<String, Long> usual;
    private final Map<String, Long> usualOfConnection;
    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();
    private final Total total = new Total();

    /** Limits of the exchange for which its own calls wait: these go first. */
    private Set<String> claimed = Set.of();

    /** @param exchange what the connection's session takes from, too */
    public Sends(SendLimits limits, Credits exchange, long now) {
        this.limits = limits;
        this.own = new Credits(limits.limits(), List.of(), now);
        this.exchange = exchange;
        this.usual = exchange.costs("");
        this.usualOfConnection = exchange.ofConnection(usual);
    }

    /**
     * @param method which the message calls, empty if not known
     * @param patience how long it may wait
     */
    public Verdict offer(T message, int bytes, String method, long patience, long now) {
        if (!limits.tooLong(bytes).isEmpty()) {
            return Verdict.TOO_LONG;
        }
        Costs costs = new Costs(limits.costs(bytes), method.isEmpty() ? usual : exchange.costs(method));
        if (waiting.isEmpty() && take(costs, now)) {
            return Verdict.GO;
        }
        if (patience <= 0) {
            return Verdict.REFUSED;
        }
        if (waiting.size() >= MOST) {
            return Verdict.FULL;
        }
        waiting.add(new Waiting<>(message, costs, patience, now));
        total.add(costs, 1);
        return Verdict.WAIT;
    }

    private boolean take(Costs costs, long now) {
        boolean behind = costs.exchange().keySet().stream().anyMatch(claimed::contains);
        if (behind || own.lacking(costs.own(), now) > 0 || !exchange.take(costs.exchange(), now)) {
            return false;
        }
        // A heartbeat may have taken from it meanwhile, which leaves less for the next.
        own.charge(costs.own(), now);
        return true;
    }

    /** What a message that was refused would have waited for, with all that wait before it. */
    public Lack lack(int bytes, String method, long now) {
        Map<String, Long> mine = method.isEmpty() ? usual : exchange.costs(method);
        return lack(new Costs(limits.costs(bytes), mine), total, now);
    }

    private Lack lack(Costs costs, Total before, long now) {
        Lack a = own.lack(costs.own(), before.own, now);
        Lack b = exchange.lack(costs.exchange(), before.exchange, now);
        if (a.nanos() == 0 && b.nanos() == 0) {
            // The session's own calls go first; how long they take nobody knows.
            return new Lack(claimed.stream().sorted().findFirst().orElse("messages before it"), 1);
        }
        return a.nanos() >= b.nanos() ? a : b;
    }

    /** The next one that may leave now; null if none may. */
    public T poll(long now) {
        Waiting<T> head = waiting.peek();
        if (head == null || !take(head.costs, now)) {
            return null;
        }
        waiting.remove();
        total.add(head.costs, -1);
        return head.message;
    }

    /** Those whose patience is over; they are forgotten. To be asked for after {@link #poll}. */
    public List<Late<T>> impatient(long now) {
        List<Late<T>> over = new ArrayList<>();
        Total before = new Total();
        for (Iterator<Waiting<T>> i = waiting.iterator(); i.hasNext(); ) {
            Waiting<T> w = i.next();
            if (now - w.since >= w.patience) {
                i.remove();
                total.add(w.costs, -1);
                over.add(new Late<>(w.message, lack(w.costs, before, now)));
            } else {
                before.add(w.costs, 1);
            }
        }
        return over;
    }

    /** Nanoseconds until {@link #poll} or {@link #impatient} may have something; {@code MAX_VALUE} if nothing waits. */
    public long next(long now) {
        Waiting<T> head = waiting.peek();
        if (head == null) {
            return Long.MAX_VALUE;
        }
        long next = Long.MAX_VALUE;
        if (head.costs.exchange().keySet().stream().noneMatch(claimed::contains)) {
            next = Math.max(own.lacking(head.costs.own(), now), exchange.lacking(head.costs.exchange(), now));
        }
        for (Waiting<T> w : waiting) {
            next = Math.min(next, w.patience - (now - w.since));
        }
        return Math.max(1, next);
    }

    /** @return whether that is another set: {@link #poll} may have something then */
    public boolean claim(Set<String> names) {
        boolean other = !claimed.equals(names);
        claimed = names;
        return other;
    }

    public int size() {
        return waiting.size();
    }

    /** Which limit never has room for a message so long; empty if there is none. */
    public String tooLong(int bytes) {
        return limits.tooLong(bytes);
    }

    /** Those that wait; they are forgotten. */
    public List<T> clear() {
        List<T> all = waiting.stream().map(Waiting::message).toList();
        waiting.forEach(w -> total.add(w.costs, -1));
        waiting.clear();
        return all;
    }

    /** The engine has said something. @param counted whether the exchange's limits have it already. For any thread. */
    public void charge(int bytes, boolean counted, long now) {
        own.charge(limits.costs(bytes), now);
        if (!counted) {
            exchange.charge(usual, now);
        }
    }

    /** A ping or pong has left. For any thread. */
    public void chargeControl(int bytes, long now) {
        own.charge(limits.costs(bytes), now);
        exchange.charge(usualOfConnection, now);
    }
}
