// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.ReconnectPolicy;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.client.endpoint.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What past attempts and connections mean for the next one. Belongs to the client and outlives its incarnations. */
final class RetryState {
    static final Duration PROTOCOL_DELAY = Duration.ofSeconds(5);
    static final int PROTOCOL_LIMIT = 3;

    /**
     * What follows from a failure.
     *
     * @param exit why there is no next attempt; empty when there is one
     * @param ban how long every client of the endpoint group waits
     */
    record Next(Duration delay, Optional<ExitReason.Kind> exit, Optional<Duration> ban) {
        private static Next after(Duration delay) {
            return new Next(delay, Optional.empty(), Optional.empty());
        }

        private static Next none(ExitReason.Kind kind) {
            return new Next(Duration.ZERO, Optional.of(kind), Optional.empty());
        }
    }

    private int failuresInRow;
    private int attempts;
    private int protocolInARow;
    private boolean attempted;
    private long attemptedAt;
    private long openedAt;
    private boolean lastWasStable;

    /** Failed attempts of this incarnation. */
    int attempts() {
        return attempts;
    }

    boolean lastWasStable() {
        return lastWasStable;
    }

    void incarnationBegan() {
        attempts = 0;
        protocolInARow = 0;
    }

    /** Somebody who restarts is there again: the limit counts from here. */
    void ownerCame() {
        attempts = 0;
    }

    void attemptBegan(long now) {
        attempted = true;
        attemptedAt = now;
    }

    void opened(long now) {
        openedAt = now;
    }

    void attemptFailed() {
        lastWasStable = false;
    }

    /** A connection has ended: one that held long enough empties the counts. */
    boolean connectionEnded(ReconnectPolicy policy, long now) {
        lastWasStable = now - openedAt >= policy.stableAfter().toNanos();
        if (lastWasStable) {
            failuresInRow = 0;
            attempts = 0;
            protocolInARow = 0;
        }
        return lastWasStable;
    }

    /** @param mayEnd whether the limit of attempts holds */
    Next next(Verdict verdict, ReconnectPolicy policy, boolean mayEnd, RandomGenerator random) {
        return switch (verdict.kind()) {
            case REFUSED -> {
                failedOtherwise();
                yield Next.none(ExitReason.Kind.REFUSED);
            }
            case WAIT -> {
                Duration wait = verdict.told().orElse(policy.maximum());
                failedOtherwise();
                boolean toldNothing = wait.isZero() || wait.compareTo(policy.floor()) < 0;
                yield new Next(toldNothing ? backoff(policy, random) : wait, Optional.empty(), Optional.of(wait));
            }
            case LATER -> Next.after(policy.initial());
            case PROTOCOL -> {
                countFailure();
                protocolInARow++;
                yield protocolInARow >= PROTOCOL_LIMIT
                        ? Next.none(ExitReason.Kind.PROTOCOL)
                        : retry(policy, mayEnd, PROTOCOL_DELAY, random);
            }
            case RETRY -> {
                failed();
                yield retry(policy, mayEnd, Duration.ZERO, random);
            }
        };
    }

    private Next retry(ReconnectPolicy policy, boolean mayEnd, Duration atLeast, RandomGenerator random) {
        if (mayEnd && exhausted(policy)) {
            return Next.none(ExitReason.Kind.FAILED);
        }
        Duration delay = backoff(policy, random);
        return Next.after(delay.compareTo(atLeast) < 0 ? atLeast : delay);
    }

    /** Counts a failure of the usual kind; the next may follow any other kind. */
    void failed() {
        protocolInARow = 0;
        countFailure();
    }

    /** Counts a failure for the back-off that is no failed attempt. */
    void failedOtherwise() {
        failuresInRow++;
    }

    private void countFailure() {
        failuresInRow++;
        attempts++;
    }

    private boolean exhausted(ReconnectPolicy policy) {
        return policy.attempts() > 0 && attempts >= policy.attempts();
    }

    /** Zero before the first failure. */
    Duration backoff(ReconnectPolicy policy, RandomGenerator random) {
        return failuresInRow == 0 ? Duration.ZERO : Backoff.delay(policy, failuresInRow, random);
    }

    /** The wish, or longer, so that the floor has passed since the last attempt began. */
    Duration notBeforeFloor(Duration wish, ReconnectPolicy policy, long now) {
        if (!attempted) {
            return wish;
        }
        Duration untilFloor = policy.floor().minusNanos(now - attemptedAt);
        return untilFloor.compareTo(wish) > 0 ? untilFloor : wish;
    }
}
