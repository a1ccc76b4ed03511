// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.Cost;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.Limit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The credits that clients of an endpoint group have in common, for each exchange and its limits. What nobody uses is kept until it is
 * full again, so that a client that comes anew finds what those before it left. Thread-safe.
 */
public final class SharedCredits {
    /** Clients whose profiles differ in other things still share. */
    private record Key(String group, String type, List<Limit> limits, List<Cost> costs) {}

    private static final class Pool {
        private final Credits credits;
        private int users;

        private Pool(Credits credits) {
            this.credits = credits;
        }
    }

    /** Guarded by this. */
    private final Map<Key, Pool> pools = new HashMap<>();

    /** To be followed by one {@link #leave}. */
    public synchronized Credits join(String group, ExchangeProfile profile, long now) {
        pools.values().removeIf(p -> p.users == 0 && p.credits.isFull(now));
        Key key = new Key(group, profile.type(), profile.limits(), profile.costs());
        Pool pool = pools.computeIfAbsent(key, k -> new Pool(new Credits(profile, now)));
        pool.users++;
        return pool.credits;
    }

    public synchronized void leave(Credits credits, long now) {
        pools.values().stream().filter(p -> p.credits == credits).forEach(p -> p.users--);
        pools.values().removeIf(p -> p.users == 0 && p.credits.isFull(now));
    }

    synchronized int size() {
        return pools.size();
    }
}
