// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import java.util.OptionalLong;

/** What a {@link SupervisorCore} wants done, to be executed in the order given. The first four are orders, the others news. */
public sealed interface SupervisorAction {

    /** Start the child as this incarnation and answer with {@link SupervisorMessage.StartResult}. */
    record Start(String childId, long incarnation) implements SupervisorAction {}

    /**
     * Stop that incarnation and answer with {@link SupervisorMessage.StopResult}; also if it has ended already. The core keeps
     * the time: when {@code limit} is over it sends a second order with {@link ShutdownLimit#BRUTAL_KILL}. An order for an
     * incarnation that the child has not begun (a start given up as overdue) means that it must not begin.
     */
    record Stop(String childId, long incarnation, ExitReason reason, ShutdownLimit limit) implements SupervisorAction {}

    /** Put {@link SupervisorMessage.Retry} at the end of the mailbox, behind everything that is already there. */
    record EnqueueRetry(String childId) implements SupervisorAction {}

    /** Answer the call with that token. */
    record Reply(long token, CallResult result) implements SupervisorAction {}

    /** A restart was decided (also one that was one too many); keep the entry with the child. */
    record RecordRestart(String childId, LedgerEntry entry) implements SupervisorAction {}

    /** The child's ledger starts anew: drop what {@link RecordRestart} stored. */
    record ClearLedger(String childId) implements SupervisorAction {}

    /** The restart waits until then. */
    record Delayed(String childId, long untilNanos) implements SupervisorAction {}

    /** The child is not restarted any more; {@code trialAtNanos}: when it will be tried once, if ever. */
    record GivenUp(String childId, ExitReason reason, OptionalLong trialAtNanos) implements SupervisorAction {}

    /** A child that had been given up is normal again. */
    record Recovered(String childId) implements SupervisorAction {}

    /** That incarnation did not even answer to being killed; it is taken for ended. */
    record StopOverdue(String childId, long incarnation) implements SupervisorAction {}

    /** The supervisor forgot the child; its id may be used again. Not sent for {@code Detach} nor when the supervisor ends. */
    record Removed(String childId) implements SupervisorAction {}

    /** The children of {@link SupervisorMessage.Init} are started. */
    record Initialised() implements SupervisorAction {}

    /** The supervisor has ended; every later call is answered with {@code NO_PROCESS}. */
    record Exited(SupervisorExit exit) implements SupervisorAction {}
}
