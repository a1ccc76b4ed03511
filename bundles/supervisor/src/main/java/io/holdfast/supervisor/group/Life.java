// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.Attachment;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.Supervisor.Reply;
import io.holdfast.supervisor.core.CallResult;
import io.holdfast.supervisor.core.ChildSpec;
import io.holdfast.supervisor.core.Incarnations;
import io.holdfast.supervisor.core.Intensity;
import io.holdfast.supervisor.core.LedgerEntry;
import io.holdfast.supervisor.core.SupervisorAction;
import io.holdfast.supervisor.core.SupervisorExit;
import io.holdfast.supervisor.core.SupervisorMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * One life of a group, from its start to its end: {@link WatchedCore} decides, this carries it out. A group that is started
 * again by its parent begins another. Confined to the group's mailbox; nothing here waits.
 */
final class Life {
    /** What all lives of a group share. */
    record Surroundings(String group, GroupThreads threads, Guard guard, GroupNews news, Incarnations incarnations) {}

    private final Surroundings around;
    private final GroupThreads threads;
    private final Owner owner;
    private final WatchedCore core;
    private final Consumer<SupervisorExit> onEnd;
    private final Admission admission;
    private final ChildOrders orders;
    private final Farewell farewell;
    private final Members members = new Members();
    private final Map<Long, Consumer<CallResult>> calls = new HashMap<>();

    private Runnable onInitialised = () -> {};
    private OptionalLong wake = OptionalLong.empty();
    private Runnable cancelWake = () -> {};
    private long tokens;
    private boolean over;

    /** @param onEnd told in the mailbox when it has ended by its own rules or by an order */
    Life(Surroundings around, GroupOptions options, Consumer<SupervisorExit> onEnd) {
        this.around = around;
        this.threads = around.threads();
        this.owner = new Owner(around.group());
        this.core = new WatchedCore(options.spec(), around.incarnations());
        this.onEnd = onEnd;
        this.admission = new Admission(around, this::post, this::take);
        this.farewell = new Farewell(threads, around.guard(), owner);
        this.orders = new ChildOrders(owner, around.guard(), this::tellLater);
    }

    Owner owner() {
        return owner;
    }

    WatchedCore core() {
        return core;
    }

    /** Counted restarts from before, of children that may have left. */
    void recall(long[] restarts) {
        List<LedgerEntry> departed = new ArrayList<>();
        for (long at : restarts) {
            departed.add(new LedgerEntry(at, 0, io.holdfast.supervisor.core.ExitReason.crash(""), true));
        }
        tell(new SupervisorMessage.Adopt(List.of(), departed));
    }

    // --- children come and go

    /** Takes a child as it is, and starts one that was never started. One that cannot be had waits until it can. */
    void take(Child child) {
        if (over) {
            return;
        }
        String id = child.spec().id();
        Optional<Child> first = members.get(id);
        if (first.isEmpty()) {
            attach(child, reply -> admission.answered(child, id, reply));
        } else if (first.get() != child) {
            admission.idInUse(child, id);
        }
    }

    /** Takes a child that is no service of its own and starts it. */
    void startChild(Child child, Consumer<Reply> reply) {
        if (over) {
            reply.accept(Reply.NOPROC);
        } else if (members.get(child.spec().id()).isPresent()) {
            // The core knows in which state the first is, and refuses accordingly.
            ChildSpec spec = CoreWords.spec(child.spec());
            call(token -> new SupervisorMessage.StartChild(token, spec), r -> reply.accept(Views.reply(r)));
        } else {
            attach(child, reply);
        }
    }

    /** Lets a child go as it is. */
    void left(Child child) {
        admission.left(child);
        // It may have been attached by an order that waited in the mailbox before this one.
        farewell.detach(child);
        members.remove(child).ifPresent(id -> {
            core.forget(id);
            tell(new SupervisorMessage.Detach(id));
            admission.free(id);
        });
    }

    private void attach(Child child, Consumer<Reply> reply) {
        Optional<ChildSnapshot> attached = own(child);
        if (attached.isEmpty()) {
            reply.accept(Reply.OWNED);
            return;
        }
        admission.warnOfShortBudget(child.spec(), core.intensity());
        ChildSnapshot found = attached.get();
        if (found.state() == ChildSnapshot.State.CREATED) {
            ChildSpec spec = CoreWords.spec(child.spec());
            call(token -> new SupervisorMessage.StartChild(token, spec), r -> {
                remember(found, r);
                started(child, spec.id(), r, reply);
            });
        } else {
            tell(new SupervisorMessage.Adopt(List.of(adopted(found)), List.of()));
            reply.accept(Reply.OK);
        }
    }

    private io.holdfast.supervisor.core.ChildSnapshot adopted(ChildSnapshot found) {
        return CoreWords.adopted(found, threads.nanoTime(), core.restartDelay());
    }

    /** A group that came with an update of this bundle was never started, and yet has a past. */
    private void remember(ChildSnapshot found, CallResult result) {
        if (!found.ledger().isEmpty() && !(result instanceof CallResult.Failure)) {
            tell(new SupervisorMessage.Remember(found.spec().id(), CoreWords.ledger(found)));
        }
    }

    private Optional<ChildSnapshot> own(Child child) {
        String id = child.spec().id();
        Attachment attachment = child.attach(owner, signals(id, child));
        if (attachment instanceof Attachment.Refused refused) {
            admission.owned(child, id, refused.currentOwner());
            return Optional.empty();
        }
        members.put(id, child);
        ChildSnapshot found = ((Attachment.Attached) attachment).snapshot();
        around.incarnations().seen(found.incarnation());
        return Optional.of(found);
    }

    /** A child that could not be started is not kept, unless it had started itself meanwhile: then it is adopted. */
    private void started(Child child, String id, CallResult result, Consumer<Reply> reply) {
        if (!(result instanceof CallResult.Failure failure) || failure.error() == CallResult.Error.NOT_FOUND) {
            // Not found: it left while it was started; taken back it would stay for ever.
            reply.accept(Views.reply(result));
            return;
        }
        child.detach(owner);
        members.remove(child);
        if (child.snapshot().state() == ChildSnapshot.State.CREATED) {
            admission.notStarted(child, id, failure);
            reply.accept(Views.reply(result));
        } else {
            attach(child, reply);
        }
    }

    private ChildSignals signals(String id, Child child) {
        return new ChildSignals() {
            @Override
            public void exited(long incarnation, ExitReason reason) {
                ifMember(() -> {
                    core.exited(id, reason.description());
                    tell(new SupervisorMessage.Exit(id, incarnation, CoreWords.reason(reason)));
                });
            }

            @Override
            public void requested(Request request) {
                ifMember(() -> {
                    if (request == Request.TERMINATE) {
                        call(token -> new SupervisorMessage.TerminateChild(token, id), r -> {});
                    } else {
                        call(token -> new SupervisorMessage.ResetChild(token, id), r -> {});
                        call(token -> new SupervisorMessage.RestartChild(token, id), r -> {});
                    }
                });
            }

            private void ifMember(Runnable task) {
                post(() -> {
                    if (members.has(id, child)) {
                        task.run();
                    }
                });
            }
        };
    }

    // --- the group as a whole

    /**
     * Starts with all children that are there, in start order, as a supervisor that is restarted: those that were stopped or ended
     * are started, those that run are kept, those given up stay so. One that does not start ends this life.
     */
    void startAnew(List<Child> present, Runnable initialised) {
        onInitialised = initialised;
        List<io.holdfast.supervisor.core.ChildSnapshot> kept = new ArrayList<>();
        List<ChildSpec> toStart = new ArrayList<>();
        for (Child child : present) {
            String id = child.spec().id();
            if (members.get(id).isPresent()) {
                admission.idInUse(child, id);
                continue;
            }
            Optional<ChildSnapshot> found = own(child);
            if (found.isEmpty()) {
                admission.answered(child, id, Reply.OWNED);
            } else if (keeps(found.get().state())) {
                kept.add(adopted(found.get()));
            } else {
                toStart.add(CoreWords.spec(child.spec()));
            }
        }
        tell(new SupervisorMessage.Adopt(kept, List.of()));
        tell(new SupervisorMessage.Init(toStart));
    }

    private static boolean keeps(ChildSnapshot.State state) {
        return state == ChildSnapshot.State.RUNNING || state == ChildSnapshot.State.GIVEN_UP;
    }

    /** Stops all children by rule and ends; at once and by force with {@code KILLED}. */
    void shutdown(io.holdfast.supervisor.core.ExitReason reason) {
        tell(new SupervisorMessage.Shutdown(reason));
    }

    /** Other rules from the next decision on; touches no child. */
    void reconfigure(GroupOptions options) {
        Intensity before = core.intensity();
        Intensity after = options.spec().intensity();
        tell(new SupervisorMessage.Reconfigure(options.spec()));
        if (!before.equals(after)) {
            members.all().forEach(child -> admission.warnOfShortBudget(child.spec(), after));
        }
        admission.retryAll();
    }

    /** The supervisor goes: the children stay as they are, and nothing is decided any more. */
    void release() {
        finish();
        members.all().forEach(farewell::detach);
        List.copyOf(calls.values()).forEach(c -> c.accept(CallResult.failure(CallResult.Error.NO_PROCESS)));
        calls.clear();
    }

    void call(LongFunction<SupervisorMessage> message, Consumer<CallResult> onResult) {
        long token = ++tokens;
        calls.put(token, onResult);
        tell(message.apply(token));
    }

    private void post(Runnable task) {
        threads.mailbox().execute(() -> {
            if (!over) {
                around.guard().run("a step", task);
            }
        });
    }

    private void tellLater(SupervisorMessage message) {
        post(() -> tell(message));
    }

    private void tell(SupervisorMessage message) {
        long now = threads.nanoTime();
        List<SupervisorAction> actions = core.handle(message, now);
        for (SupervisorAction action : actions) {
            // An order that could not be given is overdue in time, and acted on then.
            around.guard().run("an order to a child", () -> execute(action));
        }
        if (!over) {
            wakeUp();
        }
    }

    private void wakeUp() {
        OptionalLong next = core.nextWakeNanos();
        if (!next.equals(wake)) {
            cancelWake.run();
            wake = next;
            cancelWake = () -> {};
            next.ifPresent(at -> cancelWake = threads.schedule(
                    at - threads.nanoTime(),
                    () -> post(() -> {
                        wake = OptionalLong.empty();
                        tell(new SupervisorMessage.Tick());
                    })));
        }
    }

    private void execute(SupervisorAction action) {
        if (action instanceof SupervisorAction.Start a) {
            orders.start(members.get(a.childId()), a);
        } else if (action instanceof SupervisorAction.Stop a) {
            orders.stop(members.get(a.childId()), a);
        } else if (action instanceof SupervisorAction.EnqueueRetry a) {
            tellLater(new SupervisorMessage.Retry(a.childId()));
        } else if (action instanceof SupervisorAction.Reply a) {
            Consumer<CallResult> call = calls.remove(a.token());
            if (call != null) {
                call.accept(a.result());
            }
        } else if (action instanceof SupervisorAction.RecordRestart a) {
            around.news().restart(a.childId(), Views.text(a.entry().cause()));
            members.get(a.childId()).ifPresent(c -> c.record(Views.entry(a.entry())));
        } else if (action instanceof SupervisorAction.ClearLedger a) {
            members.get(a.childId()).ifPresent(Child::clearLedger);
        } else if (action instanceof SupervisorAction.GivenUp a) {
            String why = Views.text(a.reason());
            around.news().givenUp(a.childId(), why);
            members.get(a.childId()).ifPresent(c -> c.givenUp(owner, why));
        } else if (action instanceof SupervisorAction.Recovered a) {
            around.news().recovered(a.childId());
        } else if (action instanceof SupervisorAction.StopOverdue a) {
            around.news().stopOverdue(a.childId());
        } else if (action instanceof SupervisorAction.Removed a) {
            removed(a.childId());
        } else if (action instanceof SupervisorAction.Initialised) {
            onInitialised.run();
        } else if (action instanceof SupervisorAction.Exited a) {
            end(a.exit());
        }
    }

    private void removed(String id) {
        members.get(id).ifPresent(child -> {
            members.remove(child);
            core.forget(id);
            child.detach(owner);
            post(() -> admission.free(id));
        });
    }

    private void end(SupervisorExit exit) {
        finish();
        farewell.to(members.all(), () -> onEnd.accept(exit));
    }

    private void finish() {
        over = true;
        cancelWake.run();
        admission.close();
    }
}
