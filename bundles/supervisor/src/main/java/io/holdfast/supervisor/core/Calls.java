// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The calls, with OTP's answers. */
final class Calls {
    private final CoreState state;
    private final Orders orders;
    private final Restarts restarts;

    Calls(CoreState state, Orders orders, Restarts restarts) {
        this.state = state;
        this.orders = orders;
        this.restarts = restarts;
    }

    void call(SupervisorMessage.Call call) {
        if (call instanceof SupervisorMessage.StartChild start) {
            startChild(start);
        } else if (call instanceof SupervisorMessage.WhichChildren) {
            state.reply(call.token(), new CallResult.Children(children()));
        } else if (call instanceof SupervisorMessage.CountChildren count) {
            state.reply(call.token(), count(count.ended()));
        } else if (call instanceof SupervisorMessage.TerminateChild terminate) {
            terminateChild(terminate);
        } else {
            existing(call);
        }
    }

    private void existing(SupervisorMessage.Call call) {
        ChildState child = state.children.get(((SupervisorMessage.AboutChild) call).childId());
        if (child == null) {
            boolean isDefined = keepsChildren() || call instanceof SupervisorMessage.ResetChild;
            fail(call.token(), isDefined ? CallResult.Error.NOT_FOUND : CallResult.Error.NOT_SUPPORTED);
        } else if (call instanceof SupervisorMessage.ResetChild) {
            restarts.reset(child);
            state.reply(call.token(), CallResult.OK);
        } else if (isDown(child)) {
            existingDown(call, child);
        } else if (!keepsChildren()) {
            fail(call.token(), CallResult.Error.NOT_SUPPORTED);
        } else {
            fail(
                    call.token(),
                    child.status() == ChildStatus.RESTARTING ? CallResult.Error.RESTARTING : CallResult.Error.RUNNING);
        }
    }

    /** Restart and delete concern only children that are down for the time being. */
    private void existingDown(SupervisorMessage.Call call, ChildState child) {
        if (call instanceof SupervisorMessage.DeleteChild) {
            state.remove(child);
            state.reply(call.token(), CallResult.OK);
            return;
        }
        ChildStatus before = child.status();
        orders.startFor(call, child, outcome -> {
            if (!state.knows(child)) {
                fail(call.token(), CallResult.Error.NOT_FOUND);
            } else if (outcome instanceof StartOutcome.Failed failure) {
                if (before == ChildStatus.GIVEN_UP) {
                    restarts.resumeGivenUp(child, child.lastCause, state.now);
                }
                state.reply(call.token(), new CallResult.Failure(CallResult.Error.START_FAILED, failure.detail()));
            } else if (outcome instanceof StartOutcome.Ignored) {
                state.reply(call.token(), new CallResult.NotRunning());
            } else {
                state.reply(call.token(), new CallResult.Running(child.incarnation));
            }
        });
    }

    private void startChild(SupervisorMessage.StartChild call) {
        long token = call.token();
        ChildSpec spec = call.spec();
        ChildState known = state.children.get(spec.id());
        if (!RestartRules.isAllowed(spec, state.spec)) {
            fail(token, CallResult.Error.BAD_COMBINATION);
        } else if (known != null) {
            boolean isUp = known.status() == ChildStatus.RUNNING;
            fail(token, isUp ? CallResult.Error.ALREADY_STARTED : CallResult.Error.ALREADY_PRESENT);
        } else if (state.spec.strategy() == Strategy.DYNAMIC && state.children.size() >= state.spec.maxChildren()) {
            fail(token, CallResult.Error.MAX_CHILDREN);
        } else {
            ChildState child = state.children.add(spec);
            orders.startFor(call, child, outcome -> childStarted(token, child, outcome));
        }
    }

    private void childStarted(long token, ChildState child, StartOutcome outcome) {
        if (!state.knows(child)) {
            fail(token, CallResult.Error.NOT_FOUND);
        } else if (outcome instanceof StartOutcome.Failed failure) {
            state.remove(child);
            state.reply(token, new CallResult.Failure(CallResult.Error.START_FAILED, failure.detail()));
        } else if (outcome instanceof StartOutcome.Ignored) {
            state.rest(child);
            state.reply(
                    token,
                    state.spec.strategy() == Strategy.DYNAMIC ? new CallResult.Ignored() : new CallResult.NotRunning());
        } else {
            state.reply(token, new CallResult.Running(child.incarnation));
        }
    }

    private void terminateChild(SupervisorMessage.TerminateChild call) {
        ChildState child = state.children.get(call.childId());
        boolean other = call.incarnation() != SupervisorMessage.TerminateChild.ANY
                && (child == null || child.lastStarted != call.incarnation());
        if (other && state.spec.strategy() == Strategy.SIMPLE_ONE_FOR_ONE) {
            // To OTP, any dead process is one that has been terminated.
            state.reply(call.token(), CallResult.OK);
        } else if (child == null || other) {
            fail(call.token(), CallResult.Error.NOT_FOUND);
        } else if (child.status() == ChildStatus.RUNNING) {
            orders.stopFor(call, child, () -> terminated(call.token(), child));
        } else {
            terminated(call.token(), child);
        }
    }

    /** Also ends whatever the child was waiting for. */
    private void terminated(long token, ChildState child) {
        state.rest(child);
        state.reply(token, CallResult.OK);
    }

    private List<ChildView> children() {
        List<ChildView> views = new ArrayList<>(state.children.size());
        state.children.values().forEach(child -> views.add(child.view(state.now, state.spec.intensity())));
        Collections.reverse(views);
        return views;
    }

    private CallResult.Counts count(Set<Long> endedOutside) {
        Set<Long> ended = new HashSet<>(endedOutside);
        for (SupervisorMessage message : state.waiting) {
            if (message instanceof SupervisorMessage.Exit exit) {
                ended.add(exit.incarnation());
            }
        }
        int active = 0;
        int supervisors = 0;
        for (ChildState child : state.children.values()) {
            if (child.status() == ChildStatus.RUNNING && !ended.contains(child.incarnation)) {
                active++;
            }
            if (child.spec.type() == ChildSpec.Type.SUPERVISOR) {
                supervisors++;
            }
        }
        return new CallResult.Counts(state.children.size(), active, supervisors, state.children.size() - supervisors);
    }

    private void fail(long token, CallResult.Error error) {
        state.reply(token, CallResult.failure(error));
    }

    private boolean keepsChildren() {
        return !state.spec.strategy().isDynamic();
    }

    private static boolean isDown(ChildState child) {
        return child.status() == ChildStatus.STOPPED || child.status() == ChildStatus.GIVEN_UP;
    }
}
