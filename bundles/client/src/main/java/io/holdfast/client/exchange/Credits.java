// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.Limit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The exchange's limits as we know them: buckets of credits. They belong to the client and not to a connection, as a
 * reconnect fills none of them. Pure but for its own state, and guarded
 * by its own lock, as clients of one endpoint group may share it. Times are monotonic nanoseconds, which may wrap.
 */
public final class Credits {
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
    }

    private final ExchangeProfile profile;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>();

    public Credits(ExchangeProfile profile, long now) {
        this.profile = profile;
        profile.limits().forEach(l -> buckets.put(l.name(), new Bucket(l, now)));
    }

    /** What a call of that method takes from each limit; of several costs for one limit the first that fits. */
    public Map<String, Long> costs(String method) {
        Map<String, Long> costs = new LinkedHashMap<>();
        for (Cost cost : profile.costs()) {
            if (cost.fits(method)) {
                costs.putIfAbsent(cost.limit(), cost.amount());
            }
        }
        // Who takes nothing from a limit does not wait for it either.
        costs.values().removeIf(amount -> amount == 0);
        return costs;
    }

    /** Nanoseconds until there is enough; 0 if there is. */
    public synchronized long lacking(Map<String, Long> costs, long now) {
        long longest = 0;
        for (Map.Entry<String, Long> cost : costs.entrySet()) {
            Bucket bucket = buckets.get(cost.getKey());
            bucket.fill(now);
            double missing = cost.getValue() - bucket.level;
            if (missing > 0) {
                // Above zero while it is paused: it fills from then on.
                long paused = Math.max(0, bucket.at - now);
                longest = Math.max(longest, paused + 1 + (long) (missing / bucket.limit.perSecond() * SECOND));
            }
        }
        return longest;
    }

    /** Takes it if there is enough. */
    public synchronized boolean take(Map<String, Long> costs, long now) {
        if (lacking(costs, now) > 0) {
            return false;
        }
        costs.forEach((name, amount) -> {
            Bucket bucket = buckets.get(name);
            bucket.fill(now);
            bucket.level -= amount;
        });
        return true;
    }

    /** Whether nobody took anything that has not come back: a new one would be the same. */
    synchronized boolean isFull(long now) {
        for (Bucket bucket : buckets.values()) {
            bucket.fill(now);
            if (bucket.level < bucket.limit.capacity() || bucket.at - now > 0) {
                return false;
            }
        }
        return true;
    }

    /** The server says that we asked too much: what we thought was there is not. */
    public synchronized void empty(long now) {
        for (Bucket bucket : buckets.values()) {
            bucket.level = 0;
            bucket.at = now;
        }
    }

    /** The server says for how long nothing is to be asked: every call that costs anything waits so long. */
    public synchronized void pause(long nanos, long now) {
        for (Bucket bucket : buckets.values()) {
            bucket.level = 0;
            bucket.at = Math.max(bucket.at - now, nanos) + now;
        }
    }
}
