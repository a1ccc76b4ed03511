// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientHealth.Status;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.supervision.Attachment;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.LedgerEntry;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.StartResult;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Output;
import io.holdfast.client.core.Phase;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.stream.Stream;

/**
 * A client as its supervisor sees it. Waits for an owner and starts itself when none comes in time; goes on when its owner
 * leaves.
 */
final class SupervisedChild implements Child, ClientEngine.Supervision {
    private static final int LEDGER_BOUND = 1024;

    private record Ownership(Owner owner, ChildSignals signals) {}

    private final ClientEngine engine;
    private final String group;
    private final Runnable onEnded;
    private static final AtomicReferenceFieldUpdater<SupervisedChild, Ownership> OWNERSHIP =
            AtomicReferenceFieldUpdater.newUpdater(SupervisedChild.class, Ownership.class, "ownership");

    private volatile Ownership ownership;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<SupervisedChild, List> LEDGER =
            AtomicReferenceFieldUpdater.newUpdater(SupervisedChild.class, List.class, "ledger");

    /** Replaced, never changed: it is written with a restart and mostly empty. */
    private volatile List<LedgerEntry> ledger = List.of();

    /** Confined to the mailbox. Replaced, never changed. */
    private List<CompletableFuture<Void>> stopping = List.of();

    private Cancellable wait = Cancellable.NONE;
    private volatile boolean stopOrdered;
    private volatile boolean givenUp;
    private volatile boolean unsupervised;
    private volatile Optional<ExitReason> exit = Optional.empty();

    SupervisedChild(ClientEngine engine, String group, Runnable onEnded) {
        this.engine = engine;
        this.group = group;
        this.onEnded = onEnded;
    }

    void begin() {
        engine.begin();
        engine.post(this::awaitOwner);
    }

    private void awaitOwner() {
        wait.cancel();
        if (engine.phase() == Phase.CLOSED) {
            return;
        }
        wait = engine.environment()
                .schedule(engine.options().supervisorWait().toNanos(), () -> engine.post(this::startAlone));
    }

    private void startAlone() {
        if (ownership != null || !waitsForAStart()) {
            return;
        }
        exit = Optional.empty();
        unsupervised = true;
        engine.events()
                .publish(Type.UNSUPERVISED, Cause.of(Cause.Kind.SHUTDOWN, "group '" + group + "' has no supervisor"));
        engine.input(new Input.Start(engine.incarnation() + 1));
    }

    /** Nobody stopped it or gave it up, but its supervisor is not there to start it: not yet, or not any more. */
    private boolean waitsForAStart() {
        boolean exited = engine.phase() == Phase.EXITED
                && !givenUp
                && exit.map(ExitReason::abnormal).orElse(false);
        return !stopOrdered && (engine.phase() == Phase.IDLE || exited);
    }

    /** By request of a user or operator, of a client that has exited or was stopped. */
    void restart() {
        engine.post(() -> {
            Ownership now = ownership;
            if (now != null) {
                now.signals().requested(ChildSignals.Request.RESTART);
                return;
            }
            stopOrdered = false;
            givenUp = false;
            exit = Optional.empty();
            engine.input(new Input.Start(engine.incarnation() + 1));
        });
    }

    List<HealthView.Finding> findings() {
        List<HealthView.Finding> findings = new ArrayList<>();
        if (givenUp) {
            findings.add(new HealthView.Finding(Status.CRITICAL, "given up by its supervisor"));
        }
        if (ownership == null && unsupervised) {
            findings.add(new HealthView.Finding(Status.WARN, "UNSUPERVISED (group '" + group + "' not found)"));
        }
        return findings;
    }

    String group() {
        return group;
    }

    @Override
    public ChildSpec spec() {
        ClientOptions o = engine.options();
        return new ChildSpec(
                engine.id(),
                ChildSpec.Restart.valueOf(o.childRestart().toUpperCase(Locale.ROOT)),
                o.closeTimeout(),
                o.childOrder(),
                o.reconnect().floor().multipliedBy(o.reconnect().attempts()),
                o.childSignificant(),
                ChildSpec.Type.WORKER);
    }

    @Override
    public Attachment attach(Owner owner, ChildSignals signals) {
        Ownership mine = new Ownership(owner, signals);
        Ownership found = OWNERSHIP.updateAndGet(this, now -> now == null || now.owner() == owner ? mine : now);
        if (found != mine) {
            return new Attachment.Refused(found.owner().name());
        }
        unsupervised = false;
        engine.post(() -> {
            if (ownership != mine || engine.phase() == Phase.CLOSED) {
                return;
            }
            wait.cancel();
            wait = Cancellable.NONE;
            engine.input(new Input.Owned(true));
            engine.events().publish(Type.SUPERVISED, Cause.of(Cause.Kind.OPERATOR, "by " + owner.name()));
            exit.filter(e -> !givenUp).ifPresent(e -> signals.exited(engine.incarnation(), e));
        });
        return new Attachment.Attached(snapshot());
    }

    @Override
    public void detach(Owner owner) {
        Ownership now = ownership;
        if (now == null || now.owner() != owner || !OWNERSHIP.compareAndSet(this, now, null)) {
            return;
        }
        engine.post(() -> {
            if (ownership != null) {
                return;
            }
            engine.input(new Input.Owned(false));
            if (waitsForAStart()) {
                awaitOwner();
            }
        });
    }

    private boolean owned(Owner owner) {
        Ownership now = ownership;
        return now != null && now.owner() == owner;
    }

    @Override
    public CompletionStage<StartResult> start(Owner owner, long incarnation) {
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        Runnable start = () -> {
            StartResult answer = startNow(owner, incarnation);
            Publishing.complete(engine.environment(), () -> result.complete(answer));
        };
        engine.post(start, () -> result.complete(new StartResult.Failed("its bundle has ended")));
        return result;
    }

    private StartResult startNow(Owner owner, long incarnation) {
        if (!owned(owner)) {
            return new StartResult.Failed("not owned by " + owner.name());
        }
        Phase phase = engine.phase();
        if (phase != Phase.IDLE && phase != Phase.EXITED) {
            return new StartResult.Failed("is " + phase.state());
        }
        stopOrdered = false;
        givenUp = false;
        exit = Optional.empty();
        engine.input(new Input.Start(incarnation));
        return new StartResult.Accepted();
    }

    @Override
    public CompletionStage<Void> stop(Owner owner, ExitReason reason, Duration limit) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable stop = () -> {
            if (!owned(owner) || engine.phase() == Phase.CLOSED) {
                finish(done);
                return;
            }
            stopOrdered = true;
            exit = Optional.empty();
            stopping = Stream.concat(stopping.stream(), Stream.of(done)).toList();
            engine.input(new Input.Stop(limit));
        };
        engine.post(stop, () -> done.complete(null));
        return done;
    }

    @Override
    public void givenUp(Owner owner, String cause) {
        engine.post(() -> {
            if (owned(owner)) {
                givenUp = true;
                engine.events().publish(Type.GIVEN_UP, Cause.of(Cause.Kind.SHUTDOWN, Text.shown(cause)));
            }
        });
    }

    @Override
    @SuppressWarnings("unchecked")
    public void record(LedgerEntry entry) {
        LEDGER.updateAndGet(this, entries -> and(entries, entry));
    }

    private static List<LedgerEntry> and(List<LedgerEntry> entries, LedgerEntry newest) {
        long tooMany = Math.max(0, entries.size() + 1 - LEDGER_BOUND);
        return Stream.concat(entries.stream().skip(tooMany), Stream.of(newest)).toList();
    }

    @Override
    public void clearLedger() {
        ledger = List.of();
    }

    @Override
    public ChildSnapshot snapshot() {
        Optional<ExitReason> ended = exit;
        return new ChildSnapshot(spec(), state(ended), engine.incarnation(), ended, ledger);
    }

    private ChildSnapshot.State state(Optional<ExitReason> ended) {
        if (givenUp) {
            return ChildSnapshot.State.GIVEN_UP;
        }
        return switch (engine.phase()) {
            case IDLE -> stopOrdered ? ChildSnapshot.State.STOPPED : ChildSnapshot.State.CREATED;
            // Without a reason the exit, or what follows it, is just under way; its owner is told of it.
            case EXITED -> ended.isPresent() ? ChildSnapshot.State.EXITED : running();
            case CLOSED -> ChildSnapshot.State.STOPPED;
            default -> running();
        };
    }

    private ChildSnapshot.State running() {
        // A stop that a former owner ordered goes on, and nobody will tell the next one of its end.
        return stopOrdered ? ChildSnapshot.State.STOPPED : ChildSnapshot.State.RUNNING;
    }

    // --- from the engine, on the mailbox

    @Override
    public void exited(long incarnation, Output.Exited o) {
        exit = Optional.of(o.reason());
        Ownership now = ownership;
        if (now != null) {
            now.signals().exited(incarnation, o.reason());
        }
    }

    @Override
    public void stopped() {
        stopping.forEach(this::finish);
        stopping = List.of();
    }

    @Override
    public void ended(Cause cause) {
        wait.cancel();
        stopped();
        onEnded.run();
    }

    private void finish(CompletableFuture<Void> done) {
        Publishing.complete(engine.environment(), () -> done.complete(null));
    }
}
