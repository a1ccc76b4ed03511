/**
 * The decisions of a supervisor, free of clocks, threads and OSGi: {@link io.holdfast.supervisor.core.SupervisorCore} takes a
 * {@link io.holdfast.supervisor.core.SupervisorMessage} and the time, and answers with
 * {@link io.holdfast.supervisor.core.SupervisorAction}s. Not exported.
 *
 * <table>
 * <caption>Messages, in the words of {@code SupervisorMessage}, and what follows</caption>
 * <tr><th>message</th><th>waits</th><th>actions that may follow</th></tr>
 * <tr><td>Init</td><td>-</td><td>Start one by one, Initialised; after a failure Stop in reverse, Exited(StartFailed);
 * Exited(BadSpec)</td></tr>
 * <tr><td>Adopt</td><td>busy</td><td>none for those running or stopped; as Exit for unseen exits</td></tr>
 * <tr><td>Exit</td><td>busy, own order; is itself the answer to a Stop</td><td>RecordRestart, then Start, or Delayed, or
 * GivenUp, or Stop of a group; Removed; Exited after Stop of all</td></tr>
 * <tr><td>StartResult, StopResult</td><td>never</td><td>whatever the order was for: the next Start or Stop, Reply, EnqueueRetry,
 * Initialised, Exited; then what had waited</td></tr>
 * <tr><td>Retry</td><td>busy, own order</td><td>as Exit; none if the child no longer is restarting</td></tr>
 * <tr><td>Tick</td><td>limits of orders never; ends of waits while busy</td><td>Start after a delay or cool-down; Recovered and
 * ClearLedger; a second, killing Stop; StopOverdue</td></tr>
 * <tr><td>StartChild</td><td>busy, own order</td><td>Start, Reply, Removed</td></tr>
 * <tr><td>TerminateChild</td><td>busy, own order</td><td>Stop, Reply, Removed</td></tr>
 * <tr><td>RestartChild</td><td>busy, own order</td><td>Start, Reply</td></tr>
 * <tr><td>DeleteChild</td><td>busy, own order</td><td>Removed, Reply</td></tr>
 * <tr><td>ResetChild</td><td>busy, own order</td><td>ClearLedger, Recovered, Start, Reply</td></tr>
 * <tr><td>WhichChildren, CountChildren</td><td>busy</td><td>Reply</td></tr>
 * <tr><td>Remember</td><td>busy, own order</td><td>none</td></tr>
 * <tr><td>Reconfigure</td><td>busy</td><td>none</td></tr>
 * <tr><td>Detach</td><td>never</td><td>none of the child's; the work of its group goes on without it</td></tr>
 * <tr><td>Shutdown</td><td>busy; never with reason KILLED</td><td>Stop of all, Reply(NO_PROCESS) to calls still waiting,
 * Exited</td></tr>
 * </table>
 *
 * <p><em>Busy</em> is a supervisor that starts or stops children in order: at its start and end, and under one_for_all and
 * rest_for_one whenever an order is under way. Under the other strategies orders to different children are independent, and only
 * messages about a child with an order under way (<em>own order</em>) wait for its answer. What waits keeps its order.
 *
 * <p>Every order is settled: a start by its result or after {@code answerLimit}, when the child is told to stop again and the
 * start has failed; a stop by its result, else by a kill after the child's limit, else after another {@code answerLimit} as
 * StopOverdue. Children that are supervisors start without limit.
 */
package io.holdfast.supervisor.core;
