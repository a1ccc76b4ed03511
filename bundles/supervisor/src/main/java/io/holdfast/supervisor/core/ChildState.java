// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One child in its core: data only. Confined to the mailbox, like the core. */
final class ChildState {
    final ChildSpec spec;
    /** Grows with every child that comes; the later of two whose specifications want the same place. */
    final long arrival;

    private ChildStatus status = ChildStatus.STOPPED;
    /** Who counts the significant children that are there; null once it has left. */
    private Children counter;
    /** Token of the latest start order. */
    long incarnation;
    /** Token of the latest accepted start: by it callers address a dynamic child, also while a restart of it fails. */
    long lastStarted;
    /** Running after a cool-down, not yet proven. */
    boolean onTrial;
    /** Why it last ended or did not start; the cause recorded with a retry. */
    ExitReason lastCause = ExitReason.NORMAL;
    /** Its one wait, managed by {@link Timers}. */
    Timers.Timer timer;
    /** The order whose answer is awaited, or null. */
    Order order;
    /** Messages that wait for that answer; null while there are none. */
    private Deque<SupervisorMessage> waiting;
    /** Its own restarts; null until the first. */
    private RestartWindow window;

    ChildState(ChildSpec spec, long arrival, Children counter) {
        this.spec = spec;
        this.arrival = arrival;
        this.counter = counter;
    }

    /** An order under way. Exactly one of {@code onStart} and {@code onStop} is set. */
    static final class Order {
        final Consumer<StartOutcome> onStart;
        final Runnable onStop;
        /** A stop order: the child has been killed, only the answer is missing. */
        boolean killed;
        /** Parts of the answer limit that are left; 0 where it does not apply. */
        int slices;
        /** The call that is answered when the order is settled, or null. */
        SupervisorMessage.Call caller;
        /** Told when the order is settled, after its own follow-up: a shutdown that found the order under way. */
        Runnable observer;

        Order(Consumer<StartOutcome> onStart, Runnable onStop) {
            this.onStart = onStart;
            this.onStop = onStop;
        }
    }

    ChildStatus status() {
        return status;
    }

    void status(ChildStatus next) {
        boolean was = isSignificant();
        status = next;
        if (counter != null && was != isSignificant()) {
            counter.significant(was ? -1 : 1);
        }
    }

    /** What becomes of it is not counted any more. */
    void left() {
        if (isSignificant()) {
            counter.significant(-1);
        }
        counter = null;
    }

    private boolean isSignificant() {
        return spec.significant() && status != ChildStatus.STOPPED && status != ChildStatus.GIVEN_UP;
    }

    String id() {
        return spec.id();
    }

    boolean isTemporary() {
        return spec.restart() == RestartType.TEMPORARY;
    }

    RestartWindow window() {
        if (window == null) {
            window = new RestartWindow();
        }
        return window;
    }

    void clearWindow() {
        window = null;
    }

    void putOff(SupervisorMessage message) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.add(message);
    }

    /** Takes the newest message that was put off, or null. */
    SupervisorMessage pollLastPutOff() {
        return waiting == null ? null : waiting.pollLast();
    }

    ChildView view(long now, Intensity intensity) {
        boolean shown = timer != null && timer.kind() != Timers.Kind.ANSWER;
        return new ChildView(
                id(),
                status,
                incarnation,
                window == null ? 0 : window.countAt(now, intensity),
                onTrial,
                shown ? OptionalLong.of(timer.at()) : OptionalLong.empty());
    }
}
