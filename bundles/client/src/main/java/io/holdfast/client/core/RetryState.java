// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.core;

import io.holdfast.api.client.ReconnectPolicy;
import io.holdfast.client.endpoint.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What past attempts and connections mean for the next one. Belongs to the client and outlives its incarnations. */
final class RetryState {
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

    /** Counts a failure of the usual kind; the next may follow any other kind. */
    void failed() {
        protocolInARow = 0;
        countFailure();
    }

    /** @return how many times in a row the protocol was broken */
    int protocolBroken() {
        countFailure();
        return ++protocolInARow;
    }

    /** Counts a failure for the back-off that is no failed attempt. */
    void failedOtherwise() {
        failuresInRow++;
    }

    private void countFailure() {
        failuresInRow++;
        attempts++;
    }

    boolean exhausted(ReconnectPolicy policy) {
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
