// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.Limit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Limits for what is sent, as we know them: buckets of credits. Those of an account belong to the client and not to a
 * connection, as a reconnect fills none of them; those that the server counts for each connection begin anew with {@link
 * #onConnection}. Pure but for its own state, and guarded by a lock, as clients of one endpoint group may share it. Times are
 * monotonic nanoseconds, which may wrap.
 */
public final class Credits {
    /** What is missing. @param limit the one for which it takes longest @param nanos until it is there; 0 if nothing is missing */
    public record Lack(String limit, long nanos) {
        static final Lack NONE = new Lack("", 0);
    }

    private static final double SECOND = 1e9;

    private static final class Bucket {
        private final Limit limit;
        private double level;
        private long at;

        private Bucket(Limit limit, long now) {
            this.limit = limit;
            this.level = limit.capacity();
            this.at = now;
        }

        private void fill(long now) {
            if (now - at > 0) {
                level = Math.min(limit.capacity(), level + (now - at) / SECOND * limit.perSecond());
                at = now;
            }
        }

        /** Until so much is there, which may be more than the bucket ever holds; above zero while it is paused. */
        private long until(long amount, long now) {
            double missing = amount - level;
            return missing <= 0 ? 0 : Math.max(0, at - now) + 1 + (long) (missing / limit.perSecond() * SECOND);
        }
    }

    private final List<Cost> prices;

    /** Guarded by {@link #lock}, which is one for all that share buckets. */
    private final Map<String, Bucket> buckets = new LinkedHashMap<>();

    private final Object lock;

    public Credits(ExchangeProfile profile, long now) {
        this(profile.limits(), profile.costs(), now);
    }

    /** Full buckets. */
    public Credits(List<Limit> limits, List<Cost> prices, long now) {
        this.prices = prices;
        this.lock = new Object();
        limits.forEach(l -> buckets.put(l.name(), new Bucket(l, now)));
    }

    private Credits(Credits of, long now) {
        this.prices = of.prices;
        this.lock = of.lock;
        of.buckets.forEach((name, b) -> buckets.put(name, b.limit.perConnection() ? new Bucket(b.limit, now) : b));
    }

    /** The same buckets, but for those that the server counts for each connection: these are full ones. */
    public Credits onConnection(long now) {
        boolean any = buckets.values().stream().anyMatch(b -> b.limit.perConnection());
        return any ? new Credits(this, now) : this;
    }

    public boolean unlimited() {
        return buckets.isEmpty();
    }

    /** What a call of that method takes from each limit; of several costs for one limit the first that fits. */
    public Map<String, Long> costs(String method) {
        Map<String, Long> costs = new LinkedHashMap<>();
        for (Cost cost : prices) {
            if (cost.fits(method)) {
                costs.putIfAbsent(cost.limit(), cost.amount());
            }
        }
        // Who takes nothing from a limit does not wait for it either.
        costs.values().removeIf(amount -> amount == 0);
        return costs;
    }

    /** Of those costs what a ping or pong takes: only the connection's limits count control frames. */
    Map<String, Long> ofConnection(Map<String, Long> costs) {
        Map<String, Long> some = new LinkedHashMap<>(costs);
        some.keySet().removeIf(name -> !buckets.get(name).limit.perConnection());
        return some;
    }

    /** Nanoseconds until there is enough; 0 if there is. */
    public long lacking(Map<String, Long> costs, long now) {
        return lack(costs, Map.of(), now).nanos();
    }

    /** What there is not enough of. @param ahead what others take before */
    Lack lack(Map<String, Long> costs, Map<String, Long> ahead, long now) {
        synchronized (lock) {
            Lack longest = Lack.NONE;
            for (Map.Entry<String, Long> cost : costs.entrySet()) {
                Bucket bucket = buckets.get(cost.getKey());
                bucket.fill(now);
                long nanos = bucket.until(cost.getValue() + ahead.getOrDefault(cost.getKey(), 0L), now);
                if (nanos > longest.nanos()) {
                    longest = new Lack(cost.getKey(), nanos);
                }
            }
            return longest;
        }
    }

    /** Takes it if there is enough. */
    public boolean take(Map<String, Long> costs, long now) {
        synchronized (lock) {
            if (lacking(costs, now) > 0) {
                return false;
            }
            charge(costs, now);
            return true;
        }
    }

    /** Takes it whether there is enough or not: what must not wait leaves the less for what may. */
    void charge(Map<String, Long> costs, long now) {
        synchronized (lock) {
            costs.forEach((name, amount) -> {
                Bucket bucket = buckets.get(name);
                bucket.fill(now);
                bucket.level -= amount;
            });
        }
    }

    /** Whether nobody took anything that has not come back: a new one would be the same. */
    boolean isFull(long now) {
        synchronized (lock) {
            for (Bucket bucket : buckets.values()) {
                bucket.fill(now);
                if (bucket.level < bucket.limit.capacity() || bucket.at - now > 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The server says that we asked too much: what we thought was there is not. */
    public void empty(long now) {
        pause(0, now);
    }

    /** The server says for how long nothing is to be asked: every call that costs anything waits so long. */
    public void pause(long nanos, long now) {
        synchronized (lock) {
            for (Bucket bucket : buckets.values()) {
                bucket.level = Math.min(0, bucket.level);
                bucket.at = Math.max(bucket.at - now, nanos) + now;
            }
        }
    }
}
