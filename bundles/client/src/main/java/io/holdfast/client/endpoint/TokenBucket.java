// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

/**
 * Tokens that come back one by one at an even pace. Full at first. Not thread-safe.
 *
 * <p>Kept as the one moment at which it will be full again: there is nothing to refill and no remainder to lose.
 */
final class TokenBucket {
    private int capacity;
    private long interval;
    private long fullAt;

    /** @param refillNanos time in which an empty bucket becomes full */
    TokenBucket(int capacity, long refillNanos, long now) {
        this.fullAt = now;
        change(capacity, refillNanos, now);
    }

    /** Takes other limits from now on; tokens that were taken stay taken, as far as the new capacity reaches. */
    void change(int newCapacity, long refillNanos, long now) {
        int taken = capacity - available(now);
        capacity = newCapacity;
        interval = newCapacity == 0 ? 0 : Math.max(1, refillNanos / newCapacity);
        fullAt = now + Math.min(taken, newCapacity) * interval;
    }

    int available(long now) {
        long missing = Math.max(0, fullAt - now);
        return interval == 0 ? 0 : capacity - (int) ((missing + interval - 1) / interval);
    }

    boolean take(long now) {
        if (available(now) < 1) {
            return false;
        }
        fullAt = Math.max(0, fullAt - now) + now + interval;
        return true;
    }
}
