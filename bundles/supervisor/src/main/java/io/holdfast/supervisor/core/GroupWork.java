// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** What concerns several children at once: the start of the supervisor, the restart of a group, the end of the supervisor. */
final class GroupWork {
    private final CoreState state;
    private final Orders orders;

    GroupWork(CoreState state, Orders orders) {
        this.state = state;
        this.orders = orders;
    }

    /** Starts the children in order; one that fails ends the supervisor. */
    void init(Collection<ChildState> children) {
        state.exclusive = true;
        startEach(new ArrayDeque<>(children), this::initFailed, () -> {
            state.exclusive = false;
            state.emit(new SupervisorAction.Initialised());
        });
    }

    private boolean initFailed(ChildState child, String detail) {
        stopEach(
                reversed(state.children.values()),
                ended -> {},
                () -> state.end(new SupervisorExit.StartFailed(child.id(), detail)));
        return false;
    }

    /**
     * Stops the children of the culprit's range in reverse order and starts them in order, also those that were stopped
     * before. {@code failed} is told of a child that does not start and says whether to go on.
     */
    void restart(ChildState culprit, BiFunction<ChildState, String, Boolean> failed) {
        state.exclusive = true;
        List<ChildState> range = rangeOf(culprit);
        stopEach(
                reversed(range),
                this::makeReady,
                () -> startEach(new ArrayDeque<>(range), failed, () -> state.exclusive = false));
    }

    /** Takes down a member of the range: temporary ones do not come back, and a wait of its own is overridden. */
    private void makeReady(ChildState child) {
        if (child.isTemporary()) {
            state.remove(child);
        } else {
            state.timers.cancel(child);
            child.status(ChildStatus.STOPPED);
        }
    }

    private List<ChildState> rangeOf(ChildState culprit) {
        boolean all = state.spec.strategy() == Strategy.ONE_FOR_ALL;
        List<ChildState> range = new ArrayList<>(all ? state.children.values() : state.children.from(culprit));
        range.removeIf(child -> child.status() == ChildStatus.GIVEN_UP);
        return range;
    }

    /** Stops every child and ends: in reverse order one after another, dynamic ones all at once. */
    void shutdown(SupervisorExit how) {
        state.exclusive = true;
        Deque<ChildState> children = reversed(state.children.values());
        if (state.spec.strategy().isDynamic()) {
            stopTogether(children, () -> state.end(how));
        } else {
            stopEach(children, child -> {}, () -> state.end(how));
        }
    }

    private void stopTogether(Collection<ChildState> children, Runnable then) {
        List<ChildState> live = new ArrayList<>(children);
        live.removeIf(child -> !isLive(child));
        int[] left = {live.size()};
        if (live.isEmpty()) {
            then.run();
        }
        for (ChildState child : live) {
            stopLive(child, () -> {
                if (--left[0] == 0) {
                    then.run();
                }
            });
        }
    }

    private void stopEach(Deque<ChildState> left, Consumer<ChildState> stopped, Runnable then) {
        while (!left.isEmpty()) {
            ChildState child = left.poll();
            if (isLive(child)) {
                stopLive(child, () -> {
                    stopped.accept(child);
                    stopEach(left, stopped, then);
                });
                return;
            }
            stopped.accept(child);
        }
        then.run();
    }

    /** Stops a child; an order under way is let finish first, as a blocking supervisor would. */
    private void stopLive(ChildState child, Runnable then) {
        if (child.order != null) {
            child.order.observer = () -> stopLive(child, then);
        } else if (child.status() == ChildStatus.RUNNING) {
            orders.stop(child, then);
        } else {
            then.run();
        }
    }

    private void startEach(Deque<ChildState> left, BiFunction<ChildState, String, Boolean> failed, Runnable then) {
        ChildState child = left.poll();
        while (child != null && !state.knows(child)) {
            child = left.poll();
        }
        if (child == null) {
            then.run();
            return;
        }
        startOne(child, left, failed, then);
    }

    private void startOne(
            ChildState child, Deque<ChildState> left, BiFunction<ChildState, String, Boolean> failed, Runnable then) {
        orders.start(child, outcome -> {
            if (outcome instanceof StartOutcome.Failed failure) {
                if (!failed.apply(child, failure.detail())) {
                    return;
                }
            } else if (outcome instanceof StartOutcome.Ignored) {
                state.rest(child);
            }
            startEach(left, failed, then);
        });
    }

    private static boolean isLive(ChildState child) {
        return child.order != null || child.status() == ChildStatus.RUNNING;
    }

    private static Deque<ChildState> reversed(Collection<ChildState> children) {
        Deque<ChildState> reversed = new ArrayDeque<>(children.size());
        children.forEach(reversed::addFirst);
        return reversed;
    }
}
