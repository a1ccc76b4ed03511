// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.otp;

import io.holdfast.api.supervision.Attachment;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.LedgerEntry;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.StartResult;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.itests.support.Services;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a group up while messages are put into its mailbox: a child that takes its time to say that it belongs to somebody else. */
final class Gate implements Child {

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Answers when the group stands still. */
    static Gate close(Supervisor supervisor) {
        Gate gate = new Gate();
        supervisor.startChild(gate);
        await(gate.entered);
        return gate;
    }

    void open() {
        open.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(Services.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came to the gate");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ChildSpec spec() {
        return new ChildSpec("gate", ChildSpec.Restart.TEMPORARY, Duration.ZERO, 0, Duration.ZERO);
    }

    @Override
    public Attachment attach(Owner owner, ChildSignals signals) {
        entered.countDown();
        await(open);
        return new Attachment.Refused("the test");
    }

    @Override
    public void detach(Owner owner) {
        // It never belonged to anybody.
    }

    @Override
    public CompletionStage<StartResult> start(Owner owner, long incarnation) {
        throw new IllegalStateException("a child that refused its owner is started");
    }

    @Override
    public CompletionStage<Void> stop(Owner owner, ExitReason reason, Duration limit) {
        throw new IllegalStateException("a child that refused its owner is stopped");
    }

    @Override
    public void givenUp(Owner owner, String cause) {
        throw new IllegalStateException("a child that refused its owner is given up");
    }

    @Override
    public void record(LedgerEntry entry) {
        throw new IllegalStateException("a child that refused its owner has a ledger");
    }

    @Override
    public void clearLedger() {
        throw new IllegalStateException("a child that refused its owner has a ledger");
    }

    @Override
    public ChildSnapshot snapshot() {
        return new ChildSnapshot(spec(), ChildSnapshot.State.CREATED, 0, Optional.empty(), List.of());
    }
}
