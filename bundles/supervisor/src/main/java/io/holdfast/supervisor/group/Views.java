// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.LedgerEntry;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.Reply;
import io.holdfast.supervisor.core.CallResult;
import io.holdfast.supervisor.core.ChildView;
import io.holdfast.supervisor.core.ExitReason;

/** The core's words in those of the api. */
final class Views {
    private Views() {}

    static Reply reply(CallResult result) {
        if (!(result instanceof CallResult.Failure failure)) {
            return Reply.OK;
        }
        return switch (failure.error()) {
            case NOT_FOUND -> Reply.NOT_FOUND;
            case RUNNING -> Reply.RUNNING;
            case RESTARTING -> Reply.RESTARTING;
            case ALREADY_STARTED -> Reply.ALREADY_STARTED;
            case ALREADY_PRESENT -> Reply.ALREADY_PRESENT;
            case NO_PROCESS -> Reply.NOPROC;
            case MAX_CHILDREN -> Reply.MAX_CHILDREN;
            case BAD_COMBINATION -> Reply.BAD_COMBINATION;
            case NOT_SUPPORTED -> Reply.NOT_SUPPORTED;
            case START_FAILED -> Reply.START_FAILED;
        };
    }

    /** In the child's own words, if it had any: the core knows fewer kinds of ends than children do. */
    static String text(ExitReason reason) {
        return Shown.text(reason.detail().isEmpty() ? reason.toString() : reason.detail());
    }

    /** @param cause why it last exited */
    static ChildStatus child(ChildView child, String cause) {
        ChildStatus.State state = switch (child.status()) {
            case STARTING, RESTARTING -> ChildStatus.State.RESTARTING;
            case RUNNING -> ChildStatus.State.RUNNING;
            case STOPPING, STOPPED -> ChildStatus.State.STOPPED;
            case GIVEN_UP -> ChildStatus.State.GIVEN_UP;
        };
        return new ChildStatus(child.id(), state, child.incarnation(), child.restartsInPeriod(), cause);
    }

    static LedgerEntry entry(io.holdfast.supervisor.core.LedgerEntry e) {
        return new LedgerEntry(e.atNanos(), e.incarnation(), e.cause().detail(), e.counted());
    }
}
