// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What a {@link SupervisorCore} is told. The table in the package description says what follows from each. */
public sealed interface SupervisorMessage
        permits SupervisorMessage.AboutChild,
                SupervisorMessage.Call,
                SupervisorMessage.Init,
                SupervisorMessage.StartResult,
                SupervisorMessage.StopResult,
                SupervisorMessage.Tick,
                SupervisorMessage.Shutdown,
                SupervisorMessage.Reconfigure,
                SupervisorMessage.Adopt,
                SupervisorMessage.Detach,
                Due {

    /** A message about one child; it waits while that child is starting or stopping. */
    sealed interface AboutChild extends SupervisorMessage
            permits Exit,
                    Remember,
                    Retry,
                    StartChild,
                    TerminateChild,
                    RestartChild,
                    DeleteChild,
                    ResetChild,
                    UnseenExit {
        String childId();
    }

    /** A call; answered by exactly one {@link SupervisorAction.Reply} with the same token. */
    sealed interface Call extends SupervisorMessage {
        long token();
    }

    /** First message of a supervisor that starts its children itself, in this order, each after the one before. */
    record Init(List<ChildSpec> children) implements SupervisorMessage {
        public Init {
            children = List.copyOf(children);
        }
    }

    /** That incarnation ended by itself. */
    record Exit(String childId, long incarnation, ExitReason reason) implements AboutChild {
        public Exit {
            Objects.requireNonNull(childId, "childId");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Answer to {@link SupervisorAction.Start}. Never waits. */
    record StartResult(String childId, long incarnation, StartOutcome outcome) implements SupervisorMessage {
        public StartResult {
            Objects.requireNonNull(childId, "childId");
            Objects.requireNonNull(outcome, "outcome");
        }
    }

    /** Answer to {@link SupervisorAction.Stop}: that incarnation has ended, with {@code reason}. Never waits. */
    record StopResult(String childId, long incarnation, ExitReason reason) implements SupervisorMessage {
        public StopResult {
            Objects.requireNonNull(childId, "childId");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** What {@link SupervisorAction.EnqueueRetry} asked for, come through the mailbox. */
    record Retry(String childId) implements AboutChild {
        public Retry {
            Objects.requireNonNull(childId, "childId");
        }
    }

    /** {@link SupervisorCore#nextWakeNanos()} has come. Superfluous ones do no harm. Never waits. */
    record Tick() implements SupervisorMessage {}

    /** The parent's order to end with this reason; {@code KILLED} does so without waiting for anything. */
    record Shutdown(ExitReason reason) implements SupervisorMessage {
        public Shutdown {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Other rules from the next decision on; nothing that is running, waiting or counted is touched. */
    record Reconfigure(SupervisorSpec spec) implements SupervisorMessage {
        public Reconfigure {
            Objects.requireNonNull(spec, "spec");
        }
    }

    /**
     * Children found by a supervisor that came later than they did; more of these messages may follow. A child already known
     * is replaced by its snapshot, unless that shows an earlier incarnation, having waited too long.
     *
     * @param children in start order
     * @param departed ledgers of children that left; they count in a group's budget
     */
    record Adopt(List<ChildSnapshot> children, List<LedgerEntry> departed) implements SupervisorMessage {
        public Adopt {
            children = List.copyOf(children);
            departed = List.copyOf(departed);
        }
    }

    /** What counts against a child that was started and not adopted, from before it came. */
    record Remember(String childId, List<LedgerEntry> ledger) implements AboutChild {
        public Remember {
            Objects.requireNonNull(childId, "childId");
            ledger = List.copyOf(ledger);
        }
    }

    /** The child is no longer ours: forgotten, neither stopped nor restarted. An answer it owes is not waited for. Never waits. */
    record Detach(String childId) implements SupervisorMessage {
        public Detach {
            Objects.requireNonNull(childId, "childId");
        }
    }

    record StartChild(long token, ChildSpec spec) implements Call, AboutChild {
        public StartChild {
            Objects.requireNonNull(spec, "spec");
        }

        @Override
        public String childId() {
            return spec.id();
        }
    }

    /** {@code incarnation}: the one meant (how dynamic children are addressed), or {@link #ANY}. */
    record TerminateChild(long token, String childId, long incarnation) implements Call, AboutChild {
        public static final long ANY = 0;

        public TerminateChild {
            Objects.requireNonNull(childId, "childId");
        }

        public TerminateChild(long token, String childId) {
            this(token, childId, ANY);
        }
    }

    record RestartChild(long token, String childId) implements Call, AboutChild {
        public RestartChild {
            Objects.requireNonNull(childId, "childId");
        }
    }

    record DeleteChild(long token, String childId) implements Call, AboutChild {
        public DeleteChild {
            Objects.requireNonNull(childId, "childId");
        }
    }

    /** Forgets the restarts counted against the child (and the group, if it has the budget); one given up is started. */
    record ResetChild(long token, String childId) implements Call, AboutChild {
        public ResetChild {
            Objects.requireNonNull(childId, "childId");
        }
    }

    record WhichChildren(long token) implements Call {}

    /** {@code ended}: incarnations known to have ended whose {@link Exit} is still on its way; they are not active. */
    record CountChildren(long token, Set<Long> ended) implements Call {
        public CountChildren {
            ended = Set.copyOf(ended);
        }

        public CountChildren(long token) {
            this(token, Set.of());
        }
    }
}
