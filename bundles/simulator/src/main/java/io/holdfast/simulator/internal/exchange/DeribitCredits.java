// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

/** The credits of one account: each pool is refilled by the clock and paid from by calls. Pure; time is an argument. */
final class DeribitCredits {

    /** What calls of a kind cost, what a full pool has, and its refill a second. */
    enum Pool {
        CALLS(500, 50_000, 10_000),
        SUBSCRIPTIONS(3_000, 30_000, 10_000),
        INSTRUMENTS(10_000, 500_000, 10_000);

        private final double cost;
        private final double full;
        private final double perSecond;

        Pool(double cost, double full, double perSecond) {
            this.cost = cost;
            this.full = full;
            this.perSecond = perSecond;
        }

        /** The pool that pays for a method. */
        static Pool of(String method) {
            return switch (method) {
                case "public/subscribe", "private/subscribe" -> SUBSCRIPTIONS;
                case "public/get_instruments" -> INSTRUMENTS;
                default -> CALLS;
            };
        }
    }

    private final double[] left = new double[Pool.values().length];
    private final long[] at = new long[left.length];

    DeribitCredits(long now) {
        for (Pool pool : Pool.values()) {
            left[pool.ordinal()] = pool.full;
            at[pool.ordinal()] = now;
        }
    }

    /** Pays for one call of the pool. @return false when there is not enough, and nothing was paid */
    boolean pay(Pool pool, long now) {
        int i = pool.ordinal();
        left[i] = Math.min(pool.full, left[i] + (now - at[i]) / 1e9 * pool.perSecond);
        at[i] = now;
        if (left[i] < pool.cost) {
            return false;
        }
        left[i] -= pool.cost;
        return true;
    }
}
