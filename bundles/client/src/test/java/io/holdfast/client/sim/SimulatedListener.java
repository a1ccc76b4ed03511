// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.time.Duration;

/** A user's listener: tells the checker of its lane everything, then may be slow or throw. */
final class SimulatedListener implements MessageListener {
    private final LaneChecker lane;
    private final VirtualEnvironment environment;
    private boolean gone;
    private boolean throwing;
    private Duration slow = Duration.ZERO;

    SimulatedListener(LaneChecker lane, VirtualEnvironment environment) {
        this.lane = lane;
        this.environment = environment;
    }

    /** No call may begin from here on. */
    void gone() {
        gone = true;
    }

    void throwing(boolean throwsNow) {
        throwing = throwsNow;
    }

    /** Each message takes so long; the whole simulated process stands still meanwhile. */
    void slow(Duration each) {
        slow = each;
    }

    @Override
    public void onMessage(Message message) {
        lane.message(message.sequence(), message.connection(), message.text(), gone);
        if (!slow.isZero()) {
            environment.spend(slow.toNanos());
            lane.heldUpTheProcess(slow);
        }
        fail();
    }

    @Override
    public void onContinuity(Continuity continuity) {
        lane.continuity(continuity, gone);
        fail();
    }

    private void fail() {
        if (throwing) {
            throw new IllegalStateException("simulated fault of the listener");
        }
    }
}
