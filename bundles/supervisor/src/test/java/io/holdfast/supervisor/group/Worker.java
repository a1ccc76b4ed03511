// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Attachment;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ChildSnapshot.State;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.LedgerEntry;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.StartResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A small child that is no WebSocket client: it runs until a test lets it exit. */
final class Worker implements Child {
    private final ChildSpec spec;
    private final List<LedgerEntry> ledger = new ArrayList<>();
    final List<Long> starts = new ArrayList<>();
    Owner owner;
    State state = State.CREATED;
    long incarnation;
    String givenUpBecause = "";
    boolean refusesStarts;
    boolean breaksOnStart;
    boolean throwsOnStart;
    boolean startsItselfInstead;
    boolean leavesStartsUnanswered;
    boolean ignoresStarts;
    boolean leavesStopsUnanswered;
    /** What a stop after an exit waits for. */
    CompletableFuture<Void> stopsWhenExited;

    ExitReason stopReason;
    Duration stopLimit;
    private ChildSignals signals;
    private Optional<ExitReason> exit = Optional.empty();

    /** Starts and stops of all workers that share it. */
    List<String> log = new ArrayList<>();

    Worker(String id, ChildSpec.Restart restart) {
        this(new ChildSpec(id, restart, Duration.ofSeconds(5), 0, Duration.ZERO));
    }

    Worker(ChildSpec spec) {
        this.spec = spec;
    }

    void exit(ExitReason.Kind kind) {
        state = State.EXITED;
        ExitReason reason = new ExitReason(kind, "made to");
        exit = Optional.of(reason);
        if (signals != null) {
            signals.exited(incarnation, reason);
        }
    }

    void ask(ChildSignals.Request request) {
        signals.requested(request);
    }

    @Override
    public ChildSpec spec() {
        return spec;
    }

    @Override
    public Attachment attach(Owner by, ChildSignals to) {
        if (owner != null && owner != by) {
            return new Attachment.Refused(owner.name());
        }
        owner = by;
        signals = to;
        return new Attachment.Attached(snapshot());
    }

    @Override
    public void detach(Owner by) {
        if (owner == by) {
            owner = null;
            signals = null;
        }
    }

    @Override
    public CompletionStage<StartResult> start(Owner by, long number) {
        if (throwsOnStart) {
            throw new IllegalStateException("thrown");
        }
        if (breaksOnStart) {
            return CompletableFuture.failedStage(new IllegalStateException("broken"));
        }
        if (ignoresStarts) {
            return CompletableFuture.completedStage(new StartResult.Ignored());
        }
        if (leavesStartsUnanswered) {
            return new CompletableFuture<>();
        }
        if (startsItselfInstead) {
            incarnation = number + 1;
            state = State.RUNNING;
            return CompletableFuture.completedStage(new StartResult.Failed("runs already"));
        }
        if (refusesStarts) {
            return CompletableFuture.completedStage(new StartResult.Failed("not now"));
        }
        incarnation = number;
        starts.add(number);
        log.add("start " + spec.id());
        state = State.RUNNING;
        exit = Optional.empty();
        return CompletableFuture.completedStage(new StartResult.Accepted());
    }

    @Override
    public CompletionStage<Void> stop(Owner by, ExitReason reason, Duration limit) {
        stopReason = reason;
        stopLimit = limit;
        if (state == State.EXITED && stopsWhenExited != null) {
            return stopsWhenExited.thenRun(() -> {
                state = State.STOPPED;
                exit = Optional.empty();
            });
        }
        if (leavesStopsUnanswered && reason.kind() != ExitReason.Kind.KILLED) {
            return new CompletableFuture<>();
        }
        if (state == State.RUNNING) {
            log.add("stop " + spec.id());
        }
        state = State.STOPPED;
        exit = Optional.empty();
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void givenUp(Owner by, String cause) {
        state = State.GIVEN_UP;
        givenUpBecause = cause;
    }

    @Override
    public void record(LedgerEntry entry) {
        ledger.add(entry);
    }

    @Override
    public void clearLedger() {
        ledger.clear();
    }

    @Override
    public ChildSnapshot snapshot() {
        return new ChildSnapshot(spec, state, incarnation, exit, ledger);
    }
}
