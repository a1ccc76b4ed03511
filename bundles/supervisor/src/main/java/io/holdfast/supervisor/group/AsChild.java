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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A group as its parent group sees it: a child that is a supervisor. It goes on when its parent leaves, and starts itself when
 * none comes in time. Any thread; what is decided is decided in the group's mailbox.
 */
final class AsChild implements Child {
    private static final int LEDGER_BOUND = 1024;

    /** The group's lives. Called in its mailbox. */
    interface Lives {
        boolean alive();

        /**
         * @param first whether it never lived: then children are taken as they are
         * @param done told once; why it could not start, if so
         */
        void begin(boolean first, Consumer<Optional<String>> done);

        /** Only while alive; {@link AsChild#stopped} follows. */
        void end(boolean byForce);
    }

    private record Ownership(Owner owner, ChildSignals signals) {}

    private final GroupThreads threads;
    private final Consumer<Runnable> mailbox;
    private final Supplier<Optional<Parenthood>> parenthood;
    private final String group;
    private final Lives lives;
    private final AtomicReference<Ownership> ownership = new AtomicReference<>();

    /** Guards itself; held for a few instructions. */
    private final Deque<LedgerEntry> ledger = new ArrayDeque<>();

    /** Confined to the mailbox, as the two below. */
    private final List<CompletableFuture<Void>> stopping = new ArrayList<>();

    private Runnable cancelWait = () -> {};

    /** Written in the mailbox. */
    private volatile State state = State.CREATED;

    private volatile long incarnation;
    private volatile Optional<ExitReason> exit = Optional.empty();

    AsChild(
            String group,
            GroupThreads threads,
            Consumer<Runnable> mailbox,
            Supplier<Optional<Parenthood>> parenthood,
            Lives lives) {
        this.group = group;
        this.threads = threads;
        this.mailbox = mailbox;
        this.parenthood = parenthood;
        this.lives = lives;
    }

    // --- from the group, in the mailbox

    /** Waits for its parent, if it has one, and starts without it at last. */
    void awaitOwner() {
        cancelWait.run();
        if (state != State.CREATED || ownership.get() != null) {
            return;
        }
        Optional<Parenthood> parent = parenthood.get();
        if (parent.isEmpty()) {
            startAlone();
        } else {
            cancelWait = threads.schedule(parent.get().patience().toNanos(), () -> mailbox.accept(this::startAlone));
        }
    }

    private void startAlone() {
        if (state == State.CREATED && ownership.get() == null) {
            begin(incarnation + 1, failure -> {});
        }
    }

    /** It ended by its own rules. */
    void ended(ExitReason reason) {
        state = State.EXITED;
        exit = Optional.of(reason);
        Ownership now = ownership.get();
        if (now != null) {
            now.signals().exited(incarnation, reason);
        }
    }

    /** It ended by order, or did not come to life. */
    void stopped() {
        state = State.STOPPED;
        exit = Optional.empty();
        stopping.forEach(this::finish);
        stopping.clear();
    }

    /** Restarts by a parent that an earlier life of this bundle kept. Before anybody owns it. */
    void recall(long[] restarts) {
        for (long at : restarts) {
            record(new LedgerEntry(at, 0, "before its supervisor came", true));
        }
    }

    /** Counted restarts by its parent, oldest first. */
    long[] restartTimes() {
        synchronized (ledger) {
            return ledger.stream()
                    .filter(LedgerEntry::counted)
                    .mapToLong(LedgerEntry::nanos)
                    .toArray();
        }
    }

    /** Begins anew after an end, where no parent decides on that. */
    void revive() {
        boolean ended = state != State.CREATED && !lives.alive();
        if (ended && ownership.get() == null && parenthood.get().isEmpty()) {
            begin(incarnation + 1, failure -> {});
        }
    }

    void close() {
        cancelWait.run();
        stopping.forEach(this::finish);
        stopping.clear();
    }

    boolean owned() {
        return ownership.get() != null;
    }

    // --- Child

    @Override
    public ChildSpec spec() {
        return parenthood
                .get()
                .map(Parenthood::spec)
                .orElseGet(
                        () -> new ChildSpec(group, ChildSpec.Restart.TEMPORARY, ChildSpec.INFINITY, 0, Duration.ZERO));
    }

    @Override
    public Attachment attach(Owner owner, ChildSignals signals) {
        Ownership mine = new Ownership(owner, signals);
        Ownership found = ownership.updateAndGet(now -> now == null || now.owner() == owner ? mine : now);
        if (found != mine) {
            return new Attachment.Refused(found.owner().name());
        }
        mailbox.accept(() -> {
            if (ownership.get() == mine) {
                cancelWait.run();
                if (state == State.EXITED) {
                    exit.ifPresent(reason -> signals.exited(incarnation, reason));
                }
            }
        });
        return new Attachment.Attached(snapshot());
    }

    @Override
    public void detach(Owner owner) {
        Ownership now = ownership.get();
        if (now != null && now.owner() == owner && ownership.compareAndSet(now, null)) {
            mailbox.accept(this::awaitOwner);
        }
    }

    private boolean owned(Owner owner) {
        Ownership now = ownership.get();
        return now != null && now.owner() == owner;
    }

    @Override
    public CompletionStage<StartResult> start(Owner owner, long number) {
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        mailbox.accept(() -> {
            if (!owned(owner)) {
                finish(result, new StartResult.Failed("not owned by " + owner.name()));
            } else if (lives.alive()) {
                finish(result, new StartResult.Failed("runs already"));
            } else {
                begin(
                        number,
                        failure -> finish(
                                result,
                                failure.<StartResult>map(StartResult.Failed::new)
                                        .orElseGet(StartResult.Accepted::new)));
            }
        });
        return result;
    }

    private void begin(long number, Consumer<Optional<String>> done) {
        boolean first = state == State.CREATED;
        incarnation = Math.max(incarnation, number);
        state = State.RUNNING;
        exit = Optional.empty();
        lives.begin(first, done);
    }

    @Override
    public CompletionStage<Void> stop(Owner owner, ExitReason reason, Duration limit) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        mailbox.accept(() -> {
            if (!owned(owner)) {
                finish(done);
            } else if (!lives.alive()) {
                state = State.STOPPED;
                exit = Optional.empty();
                finish(done);
            } else {
                stopping.add(done);
                lives.end(reason.kind() == ExitReason.Kind.KILLED);
            }
        });
        return done;
    }

    @Override
    public void givenUp(Owner owner, String cause) {
        mailbox.accept(() -> {
            if (owned(owner) && !lives.alive()) {
                state = State.GIVEN_UP;
            }
        });
    }

    @Override
    public void record(LedgerEntry entry) {
        synchronized (ledger) {
            if (ledger.size() >= LEDGER_BOUND) {
                ledger.removeFirst();
            }
            ledger.addLast(entry);
        }
    }

    @Override
    public void clearLedger() {
        synchronized (ledger) {
            ledger.clear();
        }
    }

    @Override
    public ChildSnapshot snapshot() {
        List<LedgerEntry> entries;
        synchronized (ledger) {
            entries = List.copyOf(ledger);
        }
        return new ChildSnapshot(spec(), state, incarnation, exit, entries);
    }

    private void finish(CompletableFuture<Void> done) {
        finish(done, null);
    }

    private <T> void finish(CompletableFuture<T> done, T value) {
        threads.publishing().execute(() -> done.complete(value));
    }
}
