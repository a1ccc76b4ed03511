// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.OptionalLong;

/** What becomes of a child that ended or did not start: the rules around the budget. */
final class Restarts {
    private final CoreState state;
    private final Orders orders;
    private final GroupWork group;

    Restarts(CoreState state, Orders orders, GroupWork group) {
        this.state = state;
        this.orders = orders;
        this.group = group;
    }

    /** A running child ended by itself, at {@code at}. */
    void exited(ChildState child, ExitReason reason, long at) {
        state.timers.cancel(child);
        child.lastCause = reason;
        if (reason.kind() == ExitReason.Kind.REFUSED && !state.spec.restartRefused() && !child.isTemporary()) {
            // A cool-down would only repeat what was refused.
            giveUp(child, reason, OptionalLong.empty());
            autoShutdown(child);
        } else if (!RestartRules.restarts(child.spec.restart(), reason)) {
            state.rest(child);
            autoShutdown(child);
        } else if (child.onTrial && isCounted(reason)) {
            giveUp(child, reason, trialAfter(at));
        } else {
            decide(child, at);
        }
    }

    /** The retry of a failed restart has come through the mailbox. */
    void retry(ChildState child) {
        boolean waitsAlready = child.timer != null;
        if (child.status() == ChildStatus.RESTARTING && !waitsAlready) {
            decide(child, state.now);
        }
    }

    /** A wait of the child is over. */
    void due(Timers.Timer timer) {
        if (!state.timers.ended(timer)) {
            return;
        }
        ChildState child = timer.child();
        switch (timer.kind()) {
            case DELAY -> restart(child);
            case COOL_DOWN -> startTrial(child);
            case TRIAL -> {
                forgive(child);
                state.emit(new SupervisorAction.Recovered(child.id()));
            }
            case ANSWER -> orders.overdue(timer);
        }
    }

    /** Forgets what was counted against the child; one that had been given up is started. */
    void reset(ChildState child) {
        forgive(child);
        if (state.spec.intensity().budget() == Budget.GROUP) {
            state.restarts.clear();
        }
        if (child.status() == ChildStatus.GIVEN_UP) {
            state.timers.cancel(child);
            state.emit(new SupervisorAction.Recovered(child.id()));
            orders.start(child, outcome -> restarted(child, outcome));
        }
    }

    /** An adopted child that had been given up goes on cooling down. */
    void resumeGivenUp(ChildState child, ExitReason reason, long since) {
        child.status(ChildStatus.GIVEN_UP);
        child.lastCause = reason;
        boolean refused = reason.kind() == ExitReason.Kind.REFUSED;
        OptionalLong trialAt = refused ? OptionalLong.empty() : trialAfter(since);
        trialAt.ifPresent(at -> state.timers.set(child, Timers.Kind.COOL_DOWN, at));
    }

    private void decide(ChildState child, long at) {
        Intensity intensity = state.spec.intensity();
        boolean counted = isCounted(child.lastCause);
        state.emit(new SupervisorAction.RecordRestart(
                child.id(), new LedgerEntry(at, child.incarnation, child.lastCause, counted)));
        if (counted) {
            boolean allowedForChild = child.window().allows(at, intensity);
            boolean allowedForGroup = state.restarts.allows(at, intensity);
            if (intensity.budget() == Budget.CHILD ? !allowedForChild : !allowedForGroup) {
                exceeded(child, at);
                return;
            }
        }
        child.status(ChildStatus.RESTARTING);
        long wait = Math.max(state.spec.restartDelay().toNanos(), child.lastCause.retryAfterNanos());
        if (wait == 0) {
            restart(child);
        } else {
            long until = at + wait;
            state.timers.set(child, Timers.Kind.DELAY, until);
            state.emit(new SupervisorAction.Delayed(child.id(), until));
        }
    }

    private void exceeded(ChildState child, long at) {
        if (state.spec.intensity().escalation() == Escalation.CHILD) {
            giveUp(child, child.lastCause, trialAfter(at));
        } else {
            child.status(ChildStatus.STOPPED);
            group.shutdown(new SupervisorExit.Exceeded(child.id(), child.lastCause));
        }
    }

    private void restart(ChildState child) {
        if (state.spec.strategy().restartsGroups()) {
            group.restart(child, this::groupStartFailed);
        } else {
            orders.start(child, outcome -> restarted(child, outcome));
        }
    }

    private void restarted(ChildState child, StartOutcome outcome) {
        if (outcome instanceof StartOutcome.Failed failure) {
            startFailed(child, failure.detail());
        } else if (outcome instanceof StartOutcome.Ignored) {
            state.rest(child);
        }
    }

    /** The retry is for the child that did not start, and those after it wait for it. */
    private boolean groupStartFailed(ChildState child, String detail) {
        startFailed(child, detail);
        boolean goOn = child.status() == ChildStatus.GIVEN_UP;
        state.exclusive = goOn;
        return goOn;
    }

    private void startFailed(ChildState child, String detail) {
        child.lastCause = ExitReason.crash("start failed: " + detail);
        if (child.onTrial) {
            giveUp(child, child.lastCause, trialAfter(state.now));
        } else {
            child.status(ChildStatus.RESTARTING);
            state.emit(new SupervisorAction.EnqueueRetry(child.id()));
        }
    }

    private void startTrial(ChildState child) {
        child.onTrial = true;
        orders.start(child, outcome -> restarted(child, outcome));
    }

    private void giveUp(ChildState child, ExitReason reason, OptionalLong trialAt) {
        child.status(ChildStatus.GIVEN_UP);
        child.onTrial = false;
        trialAt.ifPresent(at -> state.timers.set(child, Timers.Kind.COOL_DOWN, at));
        state.emit(new SupervisorAction.GivenUp(child.id(), reason, trialAt));
    }

    private void forgive(ChildState child) {
        if (child.onTrial) {
            state.timers.cancel(child);
            child.onTrial = false;
        }
        child.clearWindow();
        state.emit(new SupervisorAction.ClearLedger(child.id()));
    }

    private void autoShutdown(ChildState ended) {
        if (RestartRules.shutsDown(ended.spec, state.children.significant(), state.spec)) {
            group.shutdown(new SupervisorExit.Ended(ExitReason.SHUTDOWN));
        }
    }

    private boolean isCounted(ExitReason reason) {
        // Restarts at once that are not counted would know no end.
        boolean banForUnknownTime = reason.kind() == ExitReason.Kind.BANNED && reason.retryAfterNanos() == 0;
        return banForUnknownTime || !state.spec.uncounted().contains(reason.kind());
    }

    private OptionalLong trialAfter(long since) {
        return state.spec.coolDown().isZero()
                ? OptionalLong.empty()
                : OptionalLong.of(since + state.spec.coolDown().toNanos());
    }
}
