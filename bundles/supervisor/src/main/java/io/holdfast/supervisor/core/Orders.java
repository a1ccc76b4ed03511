// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.function.Consumer;

/** Starts and stops single children, and sees to it that every order is settled: by its answer, or by its limit. */
final class Orders {
    /** The answer limit is counted in so many parts, of which a standstill of the process costs one at most. */
    private static final int SLICES = 5;

    private final CoreState state;

    Orders(CoreState state) {
        this.state = state;
    }

    /** As {@link #start}, on behalf of a call that {@code then} answers. */
    void startFor(SupervisorMessage.Call caller, ChildState child, Consumer<StartOutcome> then) {
        start(child, then);
        child.order.caller = caller;
    }

    /** As {@link #stop}, on behalf of a call that {@code then} answers. */
    void stopFor(SupervisorMessage.Call caller, ChildState child, Runnable then) {
        stop(child, then);
        child.order.caller = caller;
    }

    /** Starts the child; {@code then} decides what becomes of it if it does not run. */
    void start(ChildState child, Consumer<StartOutcome> then) {
        begin(child, ChildStatus.STARTING, new ChildState.Order(then, null));
        child.incarnation = state.incarnations.next();
        if (child.spec.type() == ChildSpec.Type.WORKER) {
            awaitAnswer(child);
        }
        state.emit(new SupervisorAction.Start(child.id(), child.incarnation));
    }

    /** Stops the running child; {@code then} decides what becomes of it. */
    void stop(ChildState child, Runnable then) {
        begin(child, ChildStatus.STOPPING, new ChildState.Order(null, then));
        ShutdownLimit limit = child.spec.shutdown();
        if (limit.equals(ShutdownLimit.BRUTAL_KILL)) {
            kill(child);
            return;
        }
        if (!limit.equals(ShutdownLimit.INFINITY)) {
            state.timers.set(child, Timers.Kind.ANSWER, state.now + limit.nanos());
        }
        state.emit(new SupervisorAction.Stop(child.id(), child.incarnation, ExitReason.SHUTDOWN, limit));
    }

    void startResult(SupervisorMessage.StartResult result) {
        ChildState child = state.children.get(result.childId());
        if (child != null && isStarting(child) && child.incarnation == result.incarnation()) {
            settleStart(child, result.outcome());
        }
    }

    void stopResult(String childId, long incarnation) {
        ChildState child = state.children.get(childId);
        if (child != null && isStopping(child) && child.incarnation == incarnation) {
            settleStop(child);
        }
    }

    /** A child that exits while being stopped is stopped; whatever else it sends about it is stale. */
    boolean settlesStop(SupervisorMessage.Exit exit) {
        ChildState child = state.children.get(exit.childId());
        return child != null && isStopping(child) && child.incarnation == exit.incarnation();
    }

    /** The answer did not come in time, unless there is more time to come. */
    void overdue(Timers.Timer timer) {
        ChildState child = timer.child();
        if (child.order.slices > 0) {
            // A wake that comes late tells of a process that stood still: nobody could have answered meanwhile.
            boolean late = state.now - timer.at() >= slice();
            child.order.slices -= late ? 0 : 1;
            if (child.order.slices > 0) {
                awaitSlice(child);
                return;
            }
        }
        if (isStarting(child)) {
            // Whatever becomes of the late start, it must not live beside its successor.
            sendKill(child);
            settleStart(child, StartOutcome.failed("no answer within " + state.spec.answerLimit()));
        } else if (!child.order.killed) {
            kill(child);
        } else {
            state.emit(new SupervisorAction.StopOverdue(child.id(), child.incarnation));
            settleStop(child);
        }
    }

    /** Forgets a child that left without our doing. */
    void detach(String childId) {
        ChildState child = state.children.remove(childId);
        if (child == null) {
            return;
        }
        state.timers.cancel(child);
        if (isStarting(child)) {
            settleStart(child, StartOutcome.IGNORED);
        } else if (isStopping(child)) {
            settleStop(child);
        }
        // A group's work that still has it on its list passes it over.
        child.status(ChildStatus.STOPPED);
    }

    /** Kills whatever lives, awaiting nothing. */
    void killAll() {
        for (ChildState child : state.children.values()) {
            if (child.order != null || child.status() == ChildStatus.RUNNING) {
                sendKill(child);
            }
        }
    }

    private void begin(ChildState child, ChildStatus status, ChildState.Order order) {
        state.timers.cancel(child);
        child.status(status);
        child.order = order;
        state.ordersUnderWay++;
    }

    private void kill(ChildState child) {
        child.order.killed = true;
        awaitAnswer(child);
        sendKill(child);
    }

    private void sendKill(ChildState child) {
        state.emit(
                new SupervisorAction.Stop(child.id(), child.incarnation, ExitReason.KILLED, ShutdownLimit.BRUTAL_KILL));
    }

    private void awaitAnswer(ChildState child) {
        child.order.slices = SLICES;
        awaitSlice(child);
    }

    private void awaitSlice(ChildState child) {
        state.timers.set(child, Timers.Kind.ANSWER, state.now + slice());
    }

    private long slice() {
        return Math.max(1, state.spec.answerLimit().toNanos() / SLICES);
    }

    private void settleStart(ChildState child, StartOutcome outcome) {
        ChildState.Order order = settle(child);
        if (outcome instanceof StartOutcome.Started) {
            child.status(ChildStatus.RUNNING);
            child.lastStarted = child.incarnation;
            if (child.onTrial) {
                state.timers.set(
                        child,
                        Timers.Kind.TRIAL,
                        state.now + state.spec.stableAfter().toNanos());
            }
        } else {
            child.status(ChildStatus.STOPPED);
        }
        order.onStart.accept(outcome);
        observe(order);
    }

    private void settleStop(ChildState child) {
        ChildState.Order order = settle(child);
        child.status(ChildStatus.STOPPED);
        order.onStop.run();
        observe(order);
    }

    private ChildState.Order settle(ChildState child) {
        ChildState.Order order = child.order;
        child.order = null;
        state.ordersUnderWay--;
        state.timers.cancel(child);
        state.release(child);
        return order;
    }

    private static void observe(ChildState.Order order) {
        if (order.observer != null) {
            order.observer.run();
        }
    }

    private static boolean isStarting(ChildState child) {
        return child.order != null && child.order.onStart != null;
    }

    private static boolean isStopping(ChildState child) {
        return child.order != null && child.order.onStop != null;
    }
}
