// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What Deribit keeps beyond one connection: log-ins with their tokens, sessions, refused log-ins and credits. Loop thread
 * only; time is an argument.
 */
final class DeribitAccounts {

    /** Sessions of one key; the oldest goes when there is one more. */
    static final int MAX_SESSIONS = 16;

    /** Refused log-ins within {@link #FAILURE_WINDOW_NANOS} after which every log-in is refused. Deribit names no number. */
    static final int MAX_FAILURES = 10;

    static final long FAILURE_WINDOW_NANOS = 60_000_000_000L;

    /** A log-in: of one connection, or a session with a name. */
    static final class Grant {
        private final String session; // empty for the scope of one connection
        private final int connection;
        private String access = "";
        private String refresh = "";
        private long expiresNanos;
        private boolean gone;

        private Grant(String session, int connection) {
            this.session = session;
            this.connection = connection;
        }

        String access() {
            return access;
        }

        String refresh() {
            return refresh;
        }

        boolean holds(long now) {
            return !gone && now - expiresNanos < 0;
        }

        private boolean usableOn(int other) {
            return !session.isEmpty() || connection == other;
        }
    }

    private final long lifeNanos;
    private final Map<String, Grant> byToken = new HashMap<>(); // access and refresh tokens in force
    private final LinkedHashMap<String, Grant> sessions = new LinkedHashMap<>();
    private final ArrayDeque<Long> failures = new ArrayDeque<>();
    private final Map<String, DeribitCredits> credits = new HashMap<>(); // two at most: the key's and the address's

    DeribitAccounts(long expiresInSeconds) {
        lifeNanos = expiresInSeconds * 1_000_000_000L;
    }

    // -- log-ins -----------------------------------------------------------------------------------------------------

    /** @param session empty for a log-in of this connection only */
    Grant login(int connection, String session, long now) {
        Grant grant = new Grant(session, connection);
        if (!session.isEmpty()) {
            drop(sessions.remove(session));
            if (sessions.size() == MAX_SESSIONS) {
                drop(sessions.remove(sessions.keySet().iterator().next()));
            }
            sessions.put(session, grant);
        }
        renew(grant, now);
        return grant;
    }

    /** Gives the log-in new tokens and a new life; the old tokens are worth nothing. */
    void renew(Grant grant, long now) {
        byToken.remove(grant.access);
        byToken.remove(grant.refresh);
        grant.access = UUID.randomUUID().toString();
        grant.refresh = UUID.randomUUID().toString();
        grant.expiresNanos = now + lifeNanos;
        byToken.put(grant.access, grant);
        byToken.put(grant.refresh, grant);
    }

    /** The log-in whose refresh token this is, if it may be used on the connection; or null. */
    Grant byRefreshToken(String token, int connection) {
        Grant grant = byToken.get(token);
        return grant != null && grant.refresh.equals(token) && grant.usableOn(connection) ? grant : null;
    }

    /** Whether calls with this access token may be made on the connection. */
    boolean accepts(String token, int connection, long now) {
        Grant grant = byToken.get(token);
        return grant != null && grant.access.equals(token) && grant.holds(now) && grant.usableOn(connection);
    }

    /** The connection is over: a log-in of its own goes with it, a session stays. */
    void ended(Grant grant) {
        if (grant.session.isEmpty()) {
            drop(grant);
        }
    }

    /** Makes the log-in invalid, also on other connections. */
    void invalidate(Grant grant) {
        sessions.remove(grant.session, grant);
        drop(grant);
    }

    private void drop(Grant grant) {
        if (grant != null) {
            grant.gone = true;
            byToken.remove(grant.access);
            byToken.remove(grant.refresh);
        }
    }

    // -- refused log-ins ---------------------------------------------------------------------------------------------

    void refused(long now) {
        failures.add(now);
        if (failures.size() > MAX_FAILURES) {
            failures.poll();
        }
    }

    /** Whether too many log-ins were refused lately. */
    boolean overLimit(long now) {
        while (!failures.isEmpty() && now - failures.peek() >= FAILURE_WINDOW_NANOS) {
            failures.poll();
        }
        return failures.size() >= MAX_FAILURES;
    }

    // -- credits -----------------------------------------------------------------------------------------------------

    /** @param account the key, or empty for the address of those who are not logged in */
    boolean pay(String account, String method, long now) {
        return credits.computeIfAbsent(account, a -> new DeribitCredits(now)).pay(DeribitCredits.Pool.of(method), now);
    }
}
