// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import java.util.ArrayDeque;
import java.util.Map;

/** Who may connect to Binance: so many attempts in five minutes, and nobody for a while who broke limits again and again. */
public final class BinanceDoor {

    /**
     * How an attempt is refused.
     *
     * @param headers with {@code Retry-After}
     */
    public record Refusal(int status, Map<String, String> headers) {}

    /** Connections ended for their messages within the window after which the address is banned. Binance names no number. */
    static final int MAX_BREACHES = 3;

    static final long BREACH_WINDOW_NANOS = 60_000_000_000L;

    /** The shortest ban there is. */
    static final int BAN_SECONDS = 120;

    private static final long ATTEMPT_WINDOW_NANOS = 300_000_000_000L;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final ArrayDeque<Long> attempts = new ArrayDeque<>();
    private final ArrayDeque<Long> breaches = new ArrayDeque<>();
    private boolean banned;
    private long bannedAt;

    /** @return null when it may come in */
    Refusal attempt(int limit, long now) {
        if (banned && now - bannedAt < BAN_SECONDS * SECOND_NANOS) {
            return refusal(418, BAN_SECONDS - (now - bannedAt) / SECOND_NANOS);
        }
        banned = false;
        forget(attempts, ATTEMPT_WINDOW_NANOS, now);
        if (attempts.size() >= limit) {
            return refusal(429, 1 + (ATTEMPT_WINDOW_NANOS - (now - attempts.peek())) / SECOND_NANOS);
        }
        attempts.add(now);
        return null;
    }

    void overLimit(long now) {
        forget(breaches, BREACH_WINDOW_NANOS, now);
        breaches.add(now);
        if (breaches.size() >= MAX_BREACHES) {
            breaches.clear();
            banned = true;
            bannedAt = now;
        }
    }

    private static Refusal refusal(int status, long seconds) {
        return new Refusal(status, Map.of("Retry-After", Long.toString(seconds)));
    }

    private static void forget(ArrayDeque<Long> times, long window, long now) {
        while (!times.isEmpty() && now - times.peek() >= window) {
            times.poll();
        }
    }
}
