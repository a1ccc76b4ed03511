// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.StartResult;
import io.holdfast.supervisor.core.ChildSnapshot.Exited;
import io.holdfast.supervisor.core.ChildSnapshot.Found;
import io.holdfast.supervisor.core.ChildSnapshot.GivenUp;
import io.holdfast.supervisor.core.ChildSnapshot.Restarting;
import io.holdfast.supervisor.core.ChildSnapshot.Running;
import io.holdfast.supervisor.core.ChildSnapshot.Stopped;
import io.holdfast.supervisor.core.ExitReason;
import io.holdfast.supervisor.core.LedgerEntry;
import io.holdfast.supervisor.core.RestartType;
import io.holdfast.supervisor.core.ShutdownLimit;
import io.holdfast.supervisor.core.StartOutcome;
import java.time.Duration;
import java.util.List;

/** What children say, in the core's words. */
final class CoreWords {
    private CoreWords() {}

    /** A stage that failed has no result; its fault is the child's, and is not kept. */
    static StartOutcome outcome(StartResult result) {
        if (result instanceof StartResult.Accepted) {
            return StartOutcome.STARTED;
        }
        if (result instanceof StartResult.Ignored) {
            return StartOutcome.IGNORED;
        }
        return StartOutcome.failed(
                result instanceof StartResult.Failed f ? f.reason() : "the child failed while it was started");
    }

    static io.holdfast.supervisor.core.ChildSpec spec(ChildSpec s) {
        RestartType restart = switch (s.restart()) {
            case PERMANENT -> RestartType.PERMANENT;
            case TRANSIENT -> RestartType.TRANSIENT;
            case TEMPORARY -> RestartType.TEMPORARY;
        };
        io.holdfast.supervisor.core.ChildSpec.Type type = switch (s.type()) {
            case WORKER -> io.holdfast.supervisor.core.ChildSpec.Type.WORKER;
            case SUPERVISOR -> io.holdfast.supervisor.core.ChildSpec.Type.SUPERVISOR;
        };
        return new io.holdfast.supervisor.core.ChildSpec(
                s.id(), restart, s.significant(), limit(s.shutdown()), type, s.order());
    }

    private static ShutdownLimit limit(Duration shutdown) {
        if (shutdown.equals(ChildSpec.BRUTAL_KILL)) {
            return ShutdownLimit.BRUTAL_KILL;
        }
        return shutdown.compareTo(ChildSpec.INFINITY) >= 0 ? ShutdownLimit.INFINITY : ShutdownLimit.of(shutdown);
    }

    static ExitReason reason(io.holdfast.api.supervision.ExitReason r) {
        ExitReason.Kind kind = switch (r.kind()) {
            case NORMAL -> ExitReason.Kind.NORMAL;
            case SHUTDOWN -> ExitReason.Kind.SHUTDOWN;
            case REFUSED -> ExitReason.Kind.REFUSED;
            case KILLED -> ExitReason.Kind.KILLED;
            case BANNED -> ExitReason.Kind.BANNED;
            case OPERATOR -> ExitReason.Kind.OPERATOR;
            case FAILED -> ExitReason.Kind.FAILED;
            case PROTOCOL -> ExitReason.Kind.PROTOCOL;
            case CRASH -> ExitReason.Kind.CRASH;
        };
        return new ExitReason(kind, r.description(), r.retryAfter().toNanos());
    }

    /**
     * A child found when its group came later than itself.
     *
     * @param restartDelay of the group that takes it
     */
    static io.holdfast.supervisor.core.ChildSnapshot adopted(ChildSnapshot s, long now, Duration restartDelay) {
        Found found = switch (s.state()) {
            case CREATED, STOPPED -> new Stopped();
            case RUNNING -> new Running();
            case EXITED -> exited(s, now, restartDelay);
            case GIVEN_UP -> new GivenUp(s.exit().map(CoreWords::reason).orElse(ExitReason.crash("")), now);
        };
        return new io.holdfast.supervisor.core.ChildSnapshot(spec(s.spec()), s.incarnation(), found, ledger(s));
    }

    /** An exit that its ledger knows was decided, and counted, by the supervisor before. */
    private static Found exited(ChildSnapshot s, long now, Duration restartDelay) {
        ExitReason reason = s.exit().map(CoreWords::reason).orElse(ExitReason.crash(""));
        long wait = Math.max(restartDelay.toNanos(), reason.retryAfterNanos());
        return s.ledger().stream()
                .filter(entry -> entry.incarnation() == s.incarnation())
                .reduce((earlier, later) -> later)
                .<Found>map(decided -> new Restarting(decided.nanos() + wait))
                .orElseGet(() -> new Exited(reason, now));
    }

    static List<LedgerEntry> ledger(ChildSnapshot s) {
        return s.ledger().stream()
                .map(e -> new LedgerEntry(e.nanos(), e.incarnation(), ExitReason.crash(e.cause()), e.counted()))
                .toList();
    }
}
