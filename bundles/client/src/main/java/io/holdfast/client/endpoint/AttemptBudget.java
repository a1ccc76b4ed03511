// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Decides which of the clients of an endpoint group may make its next connect attempt, and when. Pure bookkeeping: no clock
 * (all times are monotonic nanoseconds that never go back), no thread. Not thread-safe.
 *
 * <p>A client waits at most once and goes to the end of its queue for each attempt, so no client is served twice while
 * another of its kind waits. Clients that lost a stable connection go first, but not before others that have waited a whole
 * window longer. Others leave the policy's reserve of each window to them: however many clients fail all the time, one that
 * worked can come back at once.
 */
public final class AttemptBudget {
    private final GrantLog granted = new GrantLog();
    private final TokenBucket burst;

    /** Waiting clients and since when, in order. A client is in one of the two at most. */
    private final LinkedHashMap<String, Long> stable = new LinkedHashMap<>();

    private final LinkedHashMap<String, Long> others = new LinkedHashMap<>();

    /** Granted attempts that have not ended, by client. */
    private final Map<String, Integer> open = new HashMap<>();

    private AttemptPolicy policy;
    private int openCount;
    private boolean banned;
    private long bannedUntil;

    public AttemptBudget(AttemptPolicy policy, long now) {
        this.policy = policy;
        this.burst = new TokenBucket(policy.burst(), policy.windowNanos(), now);
    }

    /** Takes another policy from now on. What was granted before counts in its windows too. */
    public void change(AttemptPolicy newPolicy, long now) {
        policy = newPolicy;
        burst.change(newPolicy.burst(), newPolicy.windowNanos(), now);
    }

    public AttemptPolicy policy() {
        return policy;
    }

    /** Puts the client into the queue; one that waits already keeps its place, or advances to those that were stable. */
    public void request(String clientId, boolean wasStable, long now) {
        if (stable.containsKey(clientId) || (others.containsKey(clientId) && !wasStable)) {
            return;
        }
        others.remove(clientId);
        (wasStable ? stable : others).put(clientId, now);
    }

    /** Takes the client out of the queue; nothing happens if it does not wait. */
    public void cancel(String clientId) {
        stable.remove(clientId);
        others.remove(clientId);
    }

    /** A granted attempt of the client failed, or the connection it led to has ended. */
    public void connectionEnded(String clientId) {
        Integer n = open.get(clientId);
        if (n == null) {
            return;
        }
        openCount--;
        if (n == 1) {
            open.remove(clientId);
        } else {
            open.put(clientId, n - 1);
        }
    }

    /** Grants nothing until then; a longer ban in force remains. */
    public void ban(long untilNanos) {
        if (!banned || untilNanos - bannedUntil > 0) {
            banned = true;
            bannedUntil = untilNanos;
        }
    }

    /** Takes a token for an attempt without delay; the attempt itself has to be requested like any other. */
    public boolean takeBurst(long now) {
        return !isBanned(now) && burst.take(now);
    }

    /** The clients that may begin their attempt now, in order. Each is then open until {@link #connectionEnded}. */
    public List<String> grants(long now) {
        List<String> clients = new ArrayList<>();
        while (waiting() > 0 && !isBanned(now) && !isFull() && freeAt(now) - now <= 0) {
            String client = takeNext();
            granted.add(now);
            opened(client);
            clients.add(client);
        }
        return clients;
    }

    /** An attempt that was granted then begins only now, not more than a window later. */
    void postponed(long then, long now) {
        granted.postpone(then, now);
    }

    /** When to ask for {@link #grants} again; empty if only a request or an ended connection can change anything. */
    public OptionalLong nextChange(long now) {
        if (waiting() == 0 || isFull()) {
            return OptionalLong.empty();
        }
        long free = freeAt(now);
        return OptionalLong.of(isBanned(now) && bannedUntil - free > 0 ? bannedUntil : free);
    }

    public boolean isBanned(long now) {
        return banned && bannedUntil - now > 0;
    }

    public int waiting() {
        return stable.size() + others.size();
    }

    /** Granted attempts and connections that have not ended. */
    public int open() {
        return openCount;
    }

    /** Attempts granted within the window that ends now. */
    public int grantedInWindow(long now) {
        return granted.count(now, policy.windowNanos());
    }

    public int burstTokens(long now) {
        return burst.available(now);
    }

    /** Counts a connection that was granted by another budget, when its host comes to this group. */
    void opened(String clientId) {
        open.merge(clientId, 1, Integer::sum);
        openCount++;
    }

    /** Counts the attempts another budget granted, when hosts of its group come to this one. */
    void inherit(AttemptBudget other, long now) {
        granted.merge(other.granted, now);
    }

    private boolean isFull() {
        return policy.maxConnections() > 0 && openCount >= policy.maxConnections();
    }

    /** When the window has room for the client whose turn it is. */
    private long freeAt(long now) {
        int limit = stable.isEmpty() ? policy.attempts() - policy.reserve() : policy.attempts();
        if (granted.size() < limit) {
            return now;
        }
        long free = granted.newest(limit) + policy.windowNanos();
        return free - now > 0 ? free : now;
    }

    private String takeNext() {
        LinkedHashMap<String, Long> queue = stable.isEmpty() || othersFirst() ? others : stable;
        String client = queue.keySet().iterator().next();
        queue.remove(client);
        return client;
    }

    /** Whether the longest waiting of the others began a whole window before the first of the stable ones. */
    private boolean othersFirst() {
        if (others.isEmpty()) {
            return false;
        }
        long otherSince = others.values().iterator().next();
        long stableSince = stable.values().iterator().next();
        return stableSince - otherSince >= policy.windowNanos();
    }
}
