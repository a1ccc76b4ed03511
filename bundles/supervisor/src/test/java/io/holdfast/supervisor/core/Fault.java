// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.List;

/**
 * One rule of the core, broken.
 *
 * @param name  what the core then does
 * @param file  source file of the core
 * @param right text in that file, found exactly once
 * @param wrong what replaces it
 */
record Fault(String name, String file, String right, String wrong) {

    static List<Fault> all() {
        return List.of(
                new Fault(
                        "a clean exit of a permanent child is final",
                        "RestartRules",
                        "case PERMANENT -> true;",
                        "case PERMANENT -> !reason.isClean();"),
                new Fault(
                        "a clean exit of a transient child is restarted",
                        "RestartRules",
                        "case TRANSIENT -> !reason.isClean();",
                        "case TRANSIENT -> true;"),
                new Fault(
                        "a crash of a temporary child is restarted",
                        "RestartRules",
                        "case TEMPORARY -> false;",
                        "case TEMPORARY -> !reason.isClean();"),
                new Fault(
                        "{shutdown, x} is a crash",
                        "ExitReason",
                        "kind == Kind.SHUTDOWN ||",
                        "kind == Kind.SHUTDOWN && detail.isEmpty() ||"),
                new Fault(
                        "killed is clean",
                        "ExitReason",
                        "return kind == Kind.NORMAL ||",
                        "return kind == Kind.KILLED || kind == Kind.NORMAL ||"),
                new Fault(
                        "a transient child that ended cleanly is forgotten",
                        "CoreState",
                        "child.isTemporary() ||",
                        "child.spec.restart() != RestartType.PERMANENT ||"),
                new Fault("a temporary child that ended is kept", "CoreState", "child.isTemporary() ||", ""),
                new Fault(
                        "one restart less than the intensity is allowed",
                        "RestartWindow",
                        "return countAt(now, intensity) <= intensity.restarts();",
                        "return countAt(now, intensity) < intensity.restarts();"),
                new Fault(
                        "one restart more than the intensity is allowed",
                        "RestartWindow",
                        "return countAt(now, intensity) <= intensity.restarts();",
                        "return size() <= intensity.restarts() + 1;"),
                new Fault(
                        "the exact window never forgets",
                        "RestartWindow",
                        "return now - then <= period;",
                        "return true;"),
                new Fault(
                        "the whole-second window excludes its end",
                        "RestartWindow",
                        "<= Math.floorDiv(period, second)",
                        "< Math.floorDiv(period, second)"),
                new Fault(
                        "whole seconds are measured from the restart, not on the clock",
                        "RestartWindow",
                        "Math.floorDiv(now, second) - Math.floorDiv(then, second)",
                        "Math.floorDiv(now - then, second)"),
                new Fault(
                        "a tumbling window: full ones are emptied",
                        "RestartWindow",
                        "from++;\n    }\n  }",
                        "from = to - 1;\n    }\n  }"),
                new Fault(
                        "a successful start resets the window",
                        "Orders",
                        "child.lastStarted = child.incarnation;",
                        "child.lastStarted = child.incarnation; state.restarts.clear();"),
                new Fault(
                        "every child has its own window",
                        "Restarts",
                        "boolean allowedForGroup = state.restarts.allows(at, intensity);",
                        "state.restarts.allows(at, intensity); boolean allowedForGroup = allowedForChild;"),
                new Fault(
                        "retries are not counted",
                        "Restarts",
                        "boolean counted = isCounted(child.lastCause);",
                        "boolean counted = !child.lastCause.detail().startsWith(\"start failed\");"),
                new Fault(
                        "after too many restarts the others are not stopped",
                        "Restarts",
                        "child.status(ChildStatus.STOPPED);\n      group.shutdown(",
                        "child.status(ChildStatus.STOPPED);\n      state.end("),
                new Fault(
                        "after too many restarts the supervisor is killed",
                        "Restarts",
                        "group.shutdown(new SupervisorExit.Exceeded(child.id(), child.lastCause));",
                        "group.shutdown(new SupervisorExit.Ended(ExitReason.KILLED));"),
                new Fault(
                        "rest_for_one restarts all",
                        "GroupWork",
                        "state.spec.strategy() == Strategy.ONE_FOR_ALL;",
                        "true;"),
                new Fault(
                        "one_for_all restarts the rest",
                        "GroupWork",
                        "state.spec.strategy() == Strategy.ONE_FOR_ALL;",
                        "false;"),
                new Fault(
                        "rest_for_one leaves the culprit's successors alone",
                        "GroupWork",
                        "state.children.from(culprit)",
                        "List.of(culprit)"),
                new Fault(
                        "a group restart leaves stopped children down",
                        "GroupWork",
                        "child.status() == ChildStatus.GIVEN_UP",
                        "child.status() == ChildStatus.STOPPED"),
                new Fault(
                        "a group restart restarts temporary children",
                        "GroupWork",
                        "if (child.isTemporary()) {",
                        "if (false) {"),
                new Fault(
                        "children are stopped in start order",
                        "GroupWork",
                        "children.forEach(reversed::addFirst);",
                        "children.forEach(reversed::addLast);"),
                new Fault(
                        "after a failed group start the later ones are started",
                        "Restarts",
                        "boolean goOn = child.status() == ChildStatus.GIVEN_UP;",
                        "boolean goOn = true;"),
                new Fault(
                        "the retry is for the culprit, not for the child that failed",
                        "Restarts",
                        "group.restart(child, this::groupStartFailed);",
                        "group.restart(child, (failed, detail) -> { groupStartFailed(child, detail); return false; });"),
                new Fault(
                        "a failed restart is retried before what is queued",
                        "Restarts",
                        "state.emit(new SupervisorAction.EnqueueRetry(child.id()));",
                        "decide(child, state.now);"),
                new Fault(
                        "a failed restart is not retried",
                        "Restarts",
                        "state.emit(new SupervisorAction.EnqueueRetry(child.id()));",
                        ""),
                new Fault(
                        "a retry is made although the child no longer is restarting",
                        "Restarts",
                        "if (child.status() == ChildStatus.RESTARTING && !waitsAlready) {",
                        "if (!waitsAlready) {"),
                new Fault(
                        "ignore at a restart is a failure",
                        "Restarts",
                        "} else if (outcome instanceof StartOutcome.Ignored) {\n      state.rest(child);",
                        "} else if (outcome instanceof StartOutcome.Ignored) {\n      startFailed(child, \"ignored\");"),
                new Fault(
                        "a late exit hits the new incarnation",
                        "SupervisorCore",
                        "if (child.incarnation == incarnation && child.status()",
                        "if (child.status()"),
                new Fault(
                        "what was started is left running when the supervisor's own start fails",
                        "GroupWork",
                        "stopEach(reversed(state.children.values()), ended -> { },",
                        "stopEach(new ArrayDeque<>(), ended -> { },"),
                new Fault(
                        "a failed start of the supervisor's own is passed over",
                        "GroupWork",
                        "() -> state.end(new SupervisorExit.StartFailed(child.id(), detail)));\n    return false;",
                        "() -> { });\n    return true;"),
                new Fault(
                        "terminate_child does not cancel a retry",
                        "Calls",
                        "} else {\n      terminated(call.token(), child);",
                        "} else if (child.status() == ChildStatus.RESTARTING) {\n      state.reply(call.token(), CallResult.OK);\n"
                                + "    } else {\n      terminated(call.token(), child);"),
                new Fault(
                        "terminate_child of a stopped child is an error",
                        "Calls",
                        "} else {\n      terminated(call.token(), child);",
                        "} else if (child.status() == ChildStatus.STOPPED) {\n      fail(call.token(), CallResult.Error.NOT_FOUND);\n"
                                + "    } else {\n      terminated(call.token(), child);"),
                new Fault(
                        "restart and delete are allowed while restarting",
                        "Calls",
                        "return child.status() == ChildStatus.STOPPED ||",
                        "return child.status() == ChildStatus.RESTARTING || child.status() == ChildStatus.STOPPED ||"),
                new Fault(
                        "a restarting child is already started",
                        "Calls",
                        "boolean isUp = known.status() == ChildStatus.RUNNING;",
                        "boolean isUp = known.status() != ChildStatus.STOPPED;"),
                new Fault(
                        "the specification of a failed start_child is kept",
                        "Calls",
                        "state.remove(child);\n      state.reply(token, new CallResult.Failure",
                        "state.reply(token, new CallResult.Failure"),
                new Fault("which_children is in start order", "Calls", "Collections.reverse(views);", ""),
                new Fault(
                        "the dead count as active until their exit is handled",
                        "Calls",
                        " && !ended.contains(child.incarnation)",
                        ""),
                new Fault(
                        "maxChildren allows one more",
                        "Calls",
                        "state.children.size() >= state.spec.maxChildren()",
                        "state.children.size() > state.spec.maxChildren()"),
                new Fault(
                        "maxChildren does not count restarting children",
                        "Calls",
                        "state.children.size() >= state.spec.maxChildren()",
                        "state.children.values().stream().filter(c -> c.status() == ChildStatus.RUNNING).count() >= state.spec.maxChildren()"),
                new Fault(
                        "simple_one_for_one does not know dead processes",
                        "Calls",
                        "if (other && state.spec.strategy() == Strategy.SIMPLE_ONE_FOR_ONE) {",
                        "if (false) {"),
                new Fault(
                        "a dynamic supervisor knows dead processes",
                        "Calls",
                        "if (other && state.spec.strategy() == Strategy.SIMPLE_ONE_FOR_ONE) {",
                        "if (other) {"),
                new Fault(
                        "auto-shutdown although children are restarting",
                        "ChildState",
                        "spec.significant() && status != ChildStatus.STOPPED &&",
                        "spec.significant() && status != ChildStatus.RESTARTING && status != ChildStatus.STOPPED &&"),
                new Fault(
                        "all_significant counts children that were stopped",
                        "Children",
                        "significant += change;",
                        "significant += Math.max(0, change);"),
                new Fault(
                        "any_significant waits for all",
                        "RestartRules",
                        "case ANY_SIGNIFICANT -> true;",
                        "case ANY_SIGNIFICANT -> significantLeft == 0;"),
                new Fault(
                        "children that are not significant end the supervisor",
                        "RestartRules",
                        "if (!ended.significant() ||",
                        "if ("),
                new Fault(
                        "any combination with significant is allowed",
                        "RestartRules",
                        "return !child.significant() ||",
                        "return true ||"),
                new Fault(
                        "the limit of a stop is not kept",
                        "Orders",
                        "if (!limit.equals(ShutdownLimit.INFINITY)) {",
                        "if (false) {"),
                new Fault(
                        "brutal_kill is an orderly stop without limit",
                        "Orders",
                        "ShutdownLimit limit = child.spec.shutdown();",
                        "ShutdownLimit limit = child.spec.shutdown().nanos() < 0 ? ShutdownLimit.INFINITY : child.spec.shutdown();"),
                new Fault(
                        "dynamic children are stopped one after another",
                        "GroupWork",
                        "if (state.spec.strategy().isDynamic()) {",
                        "if (false) {"),
                new Fault(
                        "the end of a child supervisor is not told to its parent",
                        "SupervisorTree",
                        "new SupervisorMessage.Exit(instance.name, instance.incarnation, exit.reason())));",
                        "new SupervisorMessage.Tick()));"),
                new Fault(
                        "a failed start of a child supervisor counts as up",
                        "SupervisorTree",
                        "run(instance.parent, startResult(instance, StartOutcome.failed(exit.reason().toString())));",
                        "run(instance.parent, startResult(instance, StartOutcome.STARTED));"));
    }
}
