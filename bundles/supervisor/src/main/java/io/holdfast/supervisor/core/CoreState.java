// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the parts of a core share. Data and its bookkeeping; the rules are in the parts. */
final class CoreState {
    SupervisorSpec spec;
    final Incarnations incarnations;
    final Children children = new Children();
    final Timers timers = new Timers();
    /** Restarts of all children together; counted under either budget, as the budget may be changed live. */
    final RestartWindow restarts = new RestartWindow();
    /** Messages that came while the supervisor was busy. */
    final Deque<SupervisorMessage> waiting = new ArrayDeque<>();
    /** Several children are being started or stopped in order: nothing else may begin. */
    boolean exclusive;
    /** Orders whose answer is awaited. */
    int ordersUnderWay;
    /** Set when the supervisor has ended. */
    SupervisorExit exit;
    /** Time of the message being handled. */
    long now;

    private List<SupervisorAction> actions = new ArrayList<>();

    CoreState(SupervisorSpec spec, Incarnations incarnations) {
        this.spec = spec;
        this.incarnations = incarnations;
    }

    void emit(SupervisorAction action) {
        actions.add(action);
    }

    List<SupervisorAction> takeActions() {
        List<SupervisorAction> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    /** OTP does one thing at a time. For one_for_one that is kept per child only, as children do not concern each other. */
    boolean isBusy() {
        return exclusive || ordersUnderWay > 0 && spec.strategy().restartsGroups();
    }

    /** False for a child that was removed or left, even if another came under its id. */
    boolean knows(ChildState child) {
        return children.get(child.id()) == child;
    }

    /** Forgets the child, if it still is there. */
    void remove(ChildState child) {
        timers.cancel(child);
        if (knows(child)) {
            children.remove(child.id());
            emit(new SupervisorAction.Removed(child.id()));
        }
    }

    /** Takes a child without running incarnation to rest: kept as stopped, or forgotten where nothing is kept. */
    void rest(ChildState child) {
        timers.cancel(child);
        child.onTrial = false;
        child.status(ChildStatus.STOPPED);
        if (child.isTemporary() || spec.strategy().isDynamic()) {
            remove(child);
        }
    }

    /** Lets the messages that waited for this child's order go first, as they came before all others that wait. */
    void release(ChildState child) {
        for (SupervisorMessage message = child.pollLastPutOff(); message != null; message = child.pollLastPutOff()) {
            waiting.addFirst(message);
        }
    }

    void reply(long token, CallResult result) {
        emit(new SupervisorAction.Reply(token, result));
    }

    /** What an ended supervisor answers. */
    void refuse(SupervisorMessage message) {
        if (message instanceof SupervisorMessage.Call call) {
            reply(call.token(), CallResult.failure(CallResult.Error.NO_PROCESS));
        }
    }

    /** The end: answers whoever still waits. */
    void end(SupervisorExit how) {
        exit = how;
        exclusive = false;
        for (ChildState child : children.values()) {
            release(child);
            if (child.order != null && child.order.caller != null) {
                waiting.addFirst(child.order.caller);
            }
        }
        children.clear();
        timers.clear();
        waiting.forEach(this::refuse);
        waiting.clear();
        emit(new SupervisorAction.Exited(how));
    }
}
