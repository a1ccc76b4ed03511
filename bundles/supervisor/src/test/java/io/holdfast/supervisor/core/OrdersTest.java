// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders whose answers take time, come late, or never. */
class OrdersTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final ExitReason BOOM = ExitReason.crash("boom");

    private static CoreDriver silent(Strategy strategy, String... ids) {
        CoreDriver driver = CoreDriver.running(SupervisorSpec.of(strategy), ids);
        driver.answering = false;
        return driver;
    }

    private static SupervisorMessage started(String id, long incarnation) {
        return new SupervisorMessage.StartResult(id, incarnation, StartOutcome.STARTED);
    }

    private static SupervisorAction stop(String id, long incarnation) {
        return new SupervisorAction.Stop(id, incarnation, ExitReason.SHUTDOWN, ShutdownLimit.DEFAULT);
    }

    private static SupervisorAction kill(String id, long incarnation) {
        return new SupervisorAction.Stop(id, incarnation, ExitReason.KILLED, ShutdownLimit.BRUTAL_KILL);
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"ONE_FOR_ONE", "SIMPLE_ONE_FOR_ONE", "DYNAMIC"})
    void differentChildrenStartAtTheSameTime(Strategy strategy) {
        CoreDriver driver = silent(strategy, "a", "b", "c");
        driver.crash("a");
        driver.crash("b");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.STARTING);
        assertThat(driver.status("b")).isEqualTo(ChildStatus.STARTING);
        driver.tell(started("b", driver.incarnation("b")));
        assertThat(driver.status("b")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.STARTING);
        assertThat(driver.call(new SupervisorMessage.CountChildren(driver.token())))
                .as("others are served meanwhile")
                .isEqualTo(new CallResult.Counts(3, 2, 0, 3));
    }

    @Test
    void messagesAboutAChildWaitForItsAnswerInOrder() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE, "a", "b");
        driver.crash("a");
        long incarnation = driver.incarnation("a");
        long terminate = driver.token();
        long restart = driver.token();
        assertThat(driver.tell(
                        new SupervisorMessage.TerminateChild(terminate, "a"),
                        new SupervisorMessage.RestartChild(restart, "a")))
                .isEmpty();
        assertThat(driver.tell(started("a", incarnation))).containsExactly(stop("a", incarnation));
        assertThat(driver.tell(new SupervisorMessage.StopResult("a", incarnation, ExitReason.SHUTDOWN)))
                .containsExactly(
                        new SupervisorAction.Reply(terminate, CallResult.OK),
                        new SupervisorAction.Start("a", driver.incarnation("a")));
        assertThat(driver.tell(started("a", driver.incarnation("a"))))
                .containsExactly(new SupervisorAction.Reply(restart, new CallResult.Running(driver.incarnation("a"))));
    }

    @Test
    void exitThatOvertakesTheStartResultWaitsForIt() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE, "a");
        driver.crash("a");
        long incarnation = driver.incarnation("a");
        assertThat(driver.crash("a")).isEmpty();
        assertThat(driver.tell(started("a", incarnation)))
                .containsExactly(
                        new SupervisorAction.RecordRestart("a", new LedgerEntry(driver.now, incarnation, BOOM, true)),
                        new SupervisorAction.Start("a", incarnation + 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void groupDoesOneThingAtATime(Strategy strategy) {
        CoreDriver driver = silent(strategy, "a", "b", "c");
        long b = driver.incarnation("b");
        long c = driver.incarnation("c");
        assertThat(driver.crash("a")).last().isEqualTo(stop("c", c));
        long which = driver.token();
        assertThat(driver.tell(new SupervisorMessage.WhichChildren(which), new SupervisorMessage.Exit("b", b, BOOM)))
                .isEmpty();
        assertThat(driver.tell(new SupervisorMessage.StopResult("c", c, ExitReason.SHUTDOWN)))
                .containsExactly(stop("b", b));
        assertThat(driver.tell(new SupervisorMessage.StopResult("b", b, BOOM)))
                .containsExactly(new SupervisorAction.Start("a", driver.incarnation("a")));
        driver.tell(started("a", driver.incarnation("a")));
        driver.tell(started("b", driver.incarnation("b")));
        List<SupervisorAction> last = driver.tell(started("c", driver.incarnation("c")));
        assertThat(last)
                .as("the call is served, the exit of the old b is stale")
                .hasSize(1)
                .first()
                .isInstanceOf(SupervisorAction.Reply.class);
    }

    @Test
    void exitIsTheAnswerToAStop() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ALL, "a", "b");
        long b = driver.incarnation("b");
        driver.crash("a");
        assertThat(driver.tell(new SupervisorMessage.Exit("b", b, BOOM)))
                .containsExactly(new SupervisorAction.Start("a", driver.incarnation("a")));
        assertThat(driver.tell(new SupervisorMessage.StopResult("b", b, ExitReason.SHUTDOWN)))
                .as("late")
                .isEmpty();
        assertThat(driver.core.restartsInPeriod(driver.now)).as("one restart").isEqualTo(1);
    }

    @Test
    void startWithoutAnswerHasFailedAndIsUndone() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE, "a");
        driver.crash("a");
        long late = driver.incarnation("a");
        assertThat(driver.pass(LIMIT.minusNanos(1))).isEmpty();
        List<SupervisorAction> actions = driver.pass(Duration.ofNanos(1));
        assertThat(actions).startsWith(kill("a", late), new SupervisorAction.EnqueueRetry("a"));
        assertThat(actions).endsWith(new SupervisorAction.Start("a", late + 1));
        assertThat(driver.tell(started("a", late))).as("too late").isEmpty();
        assertThat(driver.tell(new SupervisorMessage.Exit("a", late, BOOM))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.STARTING);
    }

    /** The process stood still from 1 ms after the order: the child had no chance to answer, and gets one. */
    @ParameterizedTest
    @ValueSource(longs = {1_001, 4_999, 5_000, 60_000})
    void aStandstillOfTheProcessIsNotTheChildsFault(long millis) {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE, "a");
        driver.crash("a");
        long incarnation = driver.incarnation("a");
        driver.now += Duration.ofMillis(millis).toNanos();
        assertThat(driver.tell(new SupervisorMessage.Tick())).isEmpty();
        assertThat(driver.pass(Duration.ofSeconds(3)))
                .as("at least four of five parts of the limit are left")
                .isEmpty();
        driver.tell(started("a", incarnation));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void aChildThatNeverAnswersIsGivenUpOnAfterAStandstill() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE, "a");
        driver.crash("a");
        long incarnation = driver.incarnation("a");
        driver.now += Duration.ofMinutes(1).toNanos();
        assertThat(driver.pass(LIMIT)).contains(kill("a", incarnation));
    }

    @Test
    void startChildWithoutAnswerIsRefused() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE);
        long token = driver.token();
        driver.tell(new SupervisorMessage.StartChild(token, CoreDriver.permanent("a")));
        assertThat(driver.pass(LIMIT))
                .contains(
                        new SupervisorAction.Removed("a"),
                        new SupervisorAction.Reply(
                                token, new CallResult.Failure(CallResult.Error.START_FAILED, "no answer within PT5S")));
    }

    @Test
    void stopWithoutAnswerIsKilledThenOverdue() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ALL, "a", "b");
        long b = driver.incarnation("b");
        driver.crash("a");
        assertThat(driver.pass(LIMIT)).as("its own limit").containsExactly(kill("b", b));
        assertThat(driver.pass(LIMIT))
                .as("the answer limit")
                .containsExactly(
                        new SupervisorAction.StopOverdue("b", b),
                        new SupervisorAction.Start("a", driver.incarnation("a")));
    }

    @Test
    void infinityIsNeverKilled() {
        CoreDriver driver = new CoreDriver(SupervisorSpec.of(Strategy.ONE_FOR_ONE));
        driver.tell(new SupervisorMessage.Init(List.of(ChildSpec.supervisor("s", RestartType.PERMANENT))));
        driver.answering = false;
        long s = driver.incarnation("s");
        assertThat(driver.tell(new SupervisorMessage.Shutdown(ExitReason.SHUTDOWN)))
                .containsExactly(new SupervisorAction.Stop("s", s, ExitReason.SHUTDOWN, ShutdownLimit.INFINITY));
        assertThat(driver.pass(Duration.ofDays(1))).isEmpty();
    }

    @Test
    void shutdownLetsAStartFinishAndThenStopsIt() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE, "a", "b");
        driver.crash("b");
        long a = driver.incarnation("a");
        long b = driver.incarnation("b");
        long token = driver.token();
        assertThat(driver.tell(new SupervisorMessage.Shutdown(ExitReason.SHUTDOWN)))
                .isEmpty();
        driver.tell(new SupervisorMessage.WhichChildren(token));
        assertThat(driver.tell(started("b", b))).containsExactly(stop("b", b));
        assertThat(driver.tell(new SupervisorMessage.StopResult("b", b, ExitReason.SHUTDOWN)))
                .containsExactly(stop("a", a));
        assertThat(driver.tell(new SupervisorMessage.StopResult("a", a, ExitReason.SHUTDOWN)))
                .containsExactly(
                        new SupervisorAction.Reply(token, CallResult.failure(CallResult.Error.NO_PROCESS)),
                        new SupervisorAction.Exited(new SupervisorExit.Ended(ExitReason.SHUTDOWN)));
        assertThat(driver.core.nextWakeNanos()).isEmpty();
    }

    @Test
    void dynamicShutdownWaitsForAll() {
        CoreDriver driver = silent(Strategy.DYNAMIC, "a", "b");
        long a = driver.incarnation("a");
        driver.crash("b");
        long b = driver.incarnation("b");
        assertThat(driver.tell(new SupervisorMessage.Shutdown(ExitReason.SHUTDOWN)))
                .containsExactly(stop("a", a));
        assertThat(driver.tell(new SupervisorMessage.StopResult("a", a, ExitReason.SHUTDOWN)))
                .isEmpty();
        assertThat(driver.tell(new SupervisorMessage.StartResult("b", b, StartOutcome.failed("no"))))
                .contains(new SupervisorAction.Exited(new SupervisorExit.Ended(ExitReason.SHUTDOWN)));
    }

    @Test
    void shutdownByKillWaitsForNothing() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE, "a", "b");
        driver.crash("b");
        assertThat(driver.tell(new SupervisorMessage.Shutdown(ExitReason.KILLED)))
                .containsExactly(
                        kill("a", 1),
                        kill("b", 3),
                        new SupervisorAction.Exited(new SupervisorExit.Ended(ExitReason.KILLED)));
    }

    @Test
    void afterTheEndCallsAreAnsweredAndTheRestDropped() {
        CoreDriver driver = CoreDriver.running(SupervisorSpec.of(Strategy.ONE_FOR_ONE), "a");
        driver.tell(new SupervisorMessage.Shutdown(ExitReason.NORMAL));
        assertThat(driver.call(new SupervisorMessage.StartChild(driver.token(), CoreDriver.permanent("b"))))
                .isEqualTo(CallResult.failure(CallResult.Error.NO_PROCESS));
        assertThat(driver.tell(
                        new SupervisorMessage.Exit("a", 1, BOOM),
                        new SupervisorMessage.Retry("a"),
                        new SupervisorMessage.Tick(),
                        new SupervisorMessage.Shutdown(ExitReason.NORMAL)))
                .isEmpty();
    }

    @Test
    void detachedChildIsForgottenUntouched() {
        CoreDriver driver = CoreDriver.running(SupervisorSpec.of(Strategy.ONE_FOR_ONE), "a", "b");
        assertThat(driver.tell(new SupervisorMessage.Detach("a"))).isEmpty();
        assertThat(driver.core.children(driver.now)).extracting(ChildView::id).containsExactly("b");
        assertThat(driver.tell(new SupervisorMessage.Exit("a", 1, BOOM), new SupervisorMessage.Detach("a")))
                .isEmpty();
    }

    @Test
    void groupRestartGoesOnWithoutTheOneThatLeaves() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ALL, "a", "b", "c");
        long c = driver.incarnation("c");
        driver.crash("a");
        assertThat(driver.tell(new SupervisorMessage.Detach("b")))
                .as("not yet its turn")
                .isEmpty();
        assertThat(driver.tell(new SupervisorMessage.StopResult("c", c, ExitReason.SHUTDOWN)))
                .containsExactly(new SupervisorAction.Start("a", driver.incarnation("a")));
        assertThat(driver.tell(new SupervisorMessage.Detach("a")))
                .as("whose start is awaited")
                .containsExactly(new SupervisorAction.Start("c", driver.incarnation("c")));
        driver.tell(started("c", driver.incarnation("c")));
        assertThat(driver.core.children(driver.now))
                .extracting(ChildView::status)
                .containsExactly(ChildStatus.RUNNING);
        assertThat(driver.call(new SupervisorMessage.CountChildren(driver.token())))
                .isEqualTo(new CallResult.Counts(1, 1, 0, 1));
    }

    @Test
    void callAboutAChildThatLeavesIsAnswered() {
        CoreDriver driver = silent(Strategy.ONE_FOR_ONE, "a");
        driver.call(new SupervisorMessage.ResetChild(driver.token(), "a"));
        long start = driver.token();
        long terminate = driver.token();
        driver.tell(
                new SupervisorMessage.StartChild(start, CoreDriver.permanent("b")),
                new SupervisorMessage.TerminateChild(terminate, "b"));
        assertThat(driver.tell(new SupervisorMessage.Detach("b")))
                .containsExactly(
                        new SupervisorAction.Reply(start, CallResult.failure(CallResult.Error.NOT_FOUND)),
                        new SupervisorAction.Reply(terminate, CallResult.failure(CallResult.Error.NOT_FOUND)));
    }
}
