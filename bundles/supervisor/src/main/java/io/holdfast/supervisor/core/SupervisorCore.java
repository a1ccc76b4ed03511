// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The decisions of one supervisor, by the rules of Erlang/OTP and, where {@link SupervisorSpec} says so, beyond them.
 *
 * <p>It has no clock, thread or I/O: it is told something and answers with what is to be done. One instance belongs to one
 * serial mailbox and must only be used there. Times are nanoseconds of one monotonic clock, such as
 * {@link System#nanoTime()}; they may be negative and wrap around.
 *
 * <p>The caller executes the actions in order, brings their answers back as messages, and sends a {@link
 * SupervisorMessage.Tick} at {@link #nextWakeNanos()}. While children are started or stopped in order, everything but the
 * awaited answer waits inside, in the order it came; under one_for_one only messages about a child that is itself starting or
 * stopping wait. Events carry the incarnation they are about, and stale ones are dropped.
 */
public final class SupervisorCore {
    private final CoreState state;
    private final Orders orders;
    private final GroupWork group;
    private final Restarts restarts;
    private final Calls calls;

    /** A supervisor that stands alone. */
    public SupervisorCore(SupervisorSpec spec) {
        this(spec, new Incarnations());
    }

    /** One of several supervisors that share their source of tokens. */
    public SupervisorCore(SupervisorSpec spec, Incarnations incarnations) {
        state = new CoreState(
                Objects.requireNonNull(spec, "spec"), Objects.requireNonNull(incarnations, "incarnations"));
        orders = new Orders(state);
        group = new GroupWork(state, orders);
        restarts = new Restarts(state, orders, group);
        calls = new Calls(state, orders, restarts);
    }

    /**
     * Takes one message.
     *
     * @param message  what happened
     * @param nowNanos the time, never before that of an earlier call
     * @return what is to be done, in this order
     */
    public List<SupervisorAction> handle(SupervisorMessage message, long nowNanos) {
        state.now = nowNanos;
        accept(message);
        while (state.exit == null && !state.isBusy() && !state.waiting.isEmpty()) {
            dispatch(state.waiting.poll());
        }
        return state.takeActions();
    }

    /** When a {@link SupervisorMessage.Tick} is wanted, if at all; may be in the past. Changes with every message. */
    public OptionalLong nextWakeNanos() {
        return state.timers.next();
    }

    /** The children in start order. */
    public List<ChildView> children(long nowNanos) {
        List<ChildView> views = new ArrayList<>(state.children.size());
        state.children.values().forEach(child -> views.add(child.view(nowNanos, state.spec.intensity())));
        return views;
    }

    /** That child, if known. */
    public Optional<ChildView> child(String childId, long nowNanos) {
        return Optional.ofNullable(state.children.get(childId))
                .map(child -> child.view(nowNanos, state.spec.intensity()));
    }

    /** Times of the counted restarts of all children that still matter, oldest first. */
    public long[] restartTimes() {
        return state.restarts.times();
    }

    /** Counted restarts of all children inside the window; no more than intensity + 1 are remembered. */
    public int restartsInPeriod(long nowNanos) {
        return state.restarts.countAt(nowNanos, state.spec.intensity());
    }

    /** How the supervisor ended, if it has. */
    public Optional<SupervisorExit> exit() {
        return Optional.ofNullable(state.exit);
    }

    /** The rules in force. */
    public SupervisorSpec spec() {
        return state.spec;
    }

    /** Restarts remembered, in the window or not; what OTP keeps in its list. */
    int rememberedRestarts() {
        return state.restarts.size();
    }

    private void accept(SupervisorMessage message) {
        if (state.exit != null) {
            state.refuse(message);
        } else if (message instanceof SupervisorMessage.StartResult result) {
            orders.startResult(result);
        } else if (message instanceof SupervisorMessage.StopResult result) {
            orders.stopResult(result.childId(), result.incarnation());
        } else if (message instanceof SupervisorMessage.Exit exit && orders.settlesStop(exit)) {
            orders.stopResult(exit.childId(), exit.incarnation());
        } else if (message instanceof SupervisorMessage.Tick) {
            tick();
        } else if (message instanceof SupervisorMessage.Detach detach) {
            orders.detach(detach.childId());
        } else if (message instanceof SupervisorMessage.Shutdown shutdown
                && shutdown.reason().kind() == ExitReason.Kind.KILLED) {
            orders.killAll();
            state.end(new SupervisorExit.Ended(shutdown.reason()));
        } else if (state.isBusy()) {
            state.waiting.add(message);
        } else {
            dispatch(message);
        }
    }

    private void tick() {
        for (Timers.Timer due = state.timers.poll(state.now); due != null; due = state.timers.poll(state.now)) {
            if (due.kind() == Timers.Kind.ANSWER) {
                restarts.due(due);
            } else {
                state.waiting.add(new Due(due));
            }
            if (state.exit != null) {
                return;
            }
        }
    }

    private void dispatch(SupervisorMessage message) {
        if (message instanceof SupervisorMessage.AboutChild about) {
            aboutChild(about);
        } else if (message instanceof SupervisorMessage.Call call) {
            calls.call(call);
        } else if (message instanceof Due due) {
            restarts.due(due.timer());
        } else if (message instanceof SupervisorMessage.Init init) {
            init(init.children());
        } else if (message instanceof SupervisorMessage.Shutdown shutdown) {
            group.shutdown(new SupervisorExit.Ended(shutdown.reason()));
        } else if (message instanceof SupervisorMessage.Reconfigure reconfigure) {
            state.spec = reconfigure.spec();
        } else if (message instanceof SupervisorMessage.Adopt adopt) {
            adopt(adopt);
        }
    }

    private void aboutChild(SupervisorMessage.AboutChild message) {
        ChildState child = state.children.get(message.childId());
        if (child != null && child.order != null) {
            child.putOff(message);
        } else if (message instanceof SupervisorMessage.Call call) {
            calls.call(call);
        } else if (child == null) {
            return;
        } else if (message instanceof SupervisorMessage.Retry) {
            restarts.retry(child);
        } else if (message instanceof SupervisorMessage.Exit exit) {
            exited(child, exit.incarnation(), exit.reason(), state.now);
        } else if (message instanceof UnseenExit exit) {
            exited(child, exit.incarnation(), exit.reason(), exit.atNanos());
        } else if (message instanceof SupervisorMessage.Remember known) {
            remember(child, known.ledger());
        }
    }

    private void exited(ChildState child, long incarnation, ExitReason reason, long at) {
        if (child.incarnation == incarnation && child.status() == ChildStatus.RUNNING) {
            restarts.exited(child, reason, at);
        }
    }

    private void init(List<ChildSpec> specs) {
        Set<String> ids = new HashSet<>();
        for (ChildSpec spec : specs) {
            String fault = !ids.add(spec.id()) || state.children.get(spec.id()) != null
                    ? "duplicate id"
                    : RestartRules.isAllowed(spec, state.spec)
                            ? null
                            : "bad combination of significant, restart and auto-shutdown";
            if (fault != null) {
                state.end(new SupervisorExit.BadSpec(spec.id(), fault));
                return;
            }
        }
        specs.forEach(state.children::add);
        List<ChildState> inOrder = new ArrayList<>(state.children.values());
        inOrder.removeIf(child -> !ids.contains(child.id()));
        group.init(inOrder);
    }

    private void adopt(SupervisorMessage.Adopt adopt) {
        Intensity intensity = state.spec.intensity();
        adopt.departed().forEach(entry -> restore(state.restarts, entry, intensity));
        List<UnseenExit> exits = new ArrayList<>();
        for (ChildSnapshot snapshot : adopt.children()) {
            ChildState known = state.children.get(snapshot.spec().id());
            if (known != null && known.incarnation > snapshot.incarnation()) {
                continue;
            }
            orders.detach(snapshot.spec().id());
            ChildState child = state.children.add(snapshot.spec());
            child.incarnation = snapshot.incarnation();
            child.lastStarted = snapshot.incarnation();
            state.incarnations.seen(snapshot.incarnation());
            remember(child, snapshot.ledger());
            resume(child, snapshot.found(), exits);
        }
        exits.sort(Comparator.comparing(UnseenExit::atNanos, (a, b) -> Long.signum(a - b))
                .reversed());
        exits.forEach(state.waiting::addFirst);
    }

    private void remember(ChildState child, List<LedgerEntry> ledger) {
        Intensity intensity = state.spec.intensity();
        for (LedgerEntry entry : ledger) {
            restore(child.window(), entry, intensity);
            if (!state.restarts.contains(entry.atNanos())) {
                // Else known: from before, or from the same child that left and came back.
                restore(state.restarts, entry, intensity);
            }
        }
    }

    private void resume(ChildState child, ChildSnapshot.Found found, List<UnseenExit> exits) {
        if (found instanceof ChildSnapshot.Running) {
            child.status(ChildStatus.RUNNING);
        } else if (found instanceof ChildSnapshot.Exited exited) {
            child.status(ChildStatus.RUNNING);
            exits.add(new UnseenExit(child.id(), child.incarnation, exited.reason(), exited.atNanos()));
        } else if (found instanceof ChildSnapshot.Restarting restarting) {
            child.status(ChildStatus.RESTARTING);
            state.timers.set(child, Timers.Kind.DELAY, restarting.dueNanos());
        } else if (found instanceof ChildSnapshot.GivenUp givenUp) {
            restarts.resumeGivenUp(child, givenUp.reason(), givenUp.sinceNanos());
        } else {
            child.status(ChildStatus.STOPPED);
        }
    }

    private static void restore(RestartWindow window, LedgerEntry entry, Intensity intensity) {
        if (entry.counted()) {
            window.add(entry.atNanos(), intensity);
        }
    }
}
