// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.client.endpoint.AttemptPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts attempts by itself, from what reaches the transport. A process that stood still may carry out in one moment what was
 * granted over a long time, but never more than one attempt of each client.
 */
final class BudgetChecker {
    private static final long LAG = Duration.ofMillis(100).toNanos();

    private static final long LONGEST = Duration.ofMinutes(5).toNanos();

    private record Attempt(String host, long at) {}

    private record Ban(long from, long until) {}

    private final Checker checker;
    /** Those of the longest window. */
    private final Deque<Attempt> attempts = new ArrayDeque<>();

    private final Map<String, Ban> bans = new HashMap<>();
    private final Set<String> clients = new HashSet<>();

    /** The policy both hosts share, if they do. */
    private Optional<AttemptPolicy> shared = Optional.empty();

    private long changedAt;

    /** When each client's newest attempt was granted. */
    private final Map<String, Long> grants = new HashMap<>();

    BudgetChecker(Checker checker) {
        this.checker = checker;
    }

    void policy(Optional<AttemptPolicy> newPolicy) {
        shared = newPolicy;
        changedAt = checker.now();
    }

    void granted(String clientId) {
        grants.put(clientId, checker.now());
    }

    void attempt(String clientId, String host) {
        long now = checker.now();
        clients.add(clientId);
        attempts.add(new Attempt(host, now));
        while (now - attempts.getFirst().at > LONGEST) {
            attempts.removeFirst();
        }
        AttemptPolicy policy = shared.orElse(AttemptPolicy.DEFAULT);
        long window = policy.window().toNanos() - LAG;
        long counted = attempts.stream()
                .filter(a -> (shared.isPresent() || a.host.equals(host)) && now - a.at < window)
                .count();
        boolean stood = now - checker.stalledUntil() < policy.window().toNanos();
        long allowed = policy.attempts() + (stood ? clients.size() : 0);
        // Granted by the former policy, and held up since, or prepared.
        boolean former = changedAt <= checker.stalledUntil() && now - checker.stalledUntil() < LAG
                || grants.getOrDefault(clientId, now) < changedAt;
        if (counted > allowed && !former) {
            checker.violated(
                    Rule.BUDGET,
                    counted + " attempts at " + host + " within " + policy.window() + ", allowed are " + allowed);
        }
        Ban ban = bans.get(host);
        boolean justStood = now - checker.stalledUntil() < LAG;
        if (ban != null && now > ban.from + LAG && now < ban.until && !justStood) {
            checker.violated(Rule.BUDGET, clientId + " connects to " + host + " although it was told to wait");
        }
    }

    /** The process has read that answer. */
    void refused(String host, ConnectFailure failure) {
        int status = failure.httpStatus().orElse(0);
        if (status == 429) {
            long now = checker.now();
            Duration told = failure.retryAfter()
                    .map(t -> Duration.ofSeconds(Long.parseLong(t)))
                    .orElse(Duration.ZERO);
            long until = now + told.toNanos();
            bans.merge(
                    host,
                    new Ban(now, until),
                    (a, b) -> a.until > b.from ? new Ban(a.from, Math.max(a.until, b.until)) : b);
        }
    }
}
