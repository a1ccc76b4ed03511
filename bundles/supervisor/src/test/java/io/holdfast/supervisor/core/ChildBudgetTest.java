// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A budget for each child, and what can be done with one that used it up. */
class ChildBudgetTest {
    private static final ExitReason BOOM = ExitReason.crash("boom");

    private static SupervisorSpec twoInTenSeconds(Strategy strategy) {
        return SupervisorSpec.of(strategy).withIntensity(new Intensity(2, Duration.ofSeconds(10), Budget.CHILD, false));
    }

    private static CoreDriver givenUp(Strategy strategy) {
        CoreDriver driver = CoreDriver.running(twoInTenSeconds(strategy), "a", "b");
        for (int i = 0; i < 3; i++) {
            driver.crash("a");
        }
        return driver;
    }

    @Test
    void defaultIsTenInSixtySecondsPerChild() {
        assertThat(SupervisorSpec.of(Strategy.ONE_FOR_ONE).intensity())
                .isEqualTo(new Intensity(10, Duration.ofSeconds(60), Budget.CHILD, false));
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void exceedingChildIsGivenUpAndNobodyElseConcerned(Strategy strategy) {
        CoreDriver driver = CoreDriver.running(twoInTenSeconds(strategy), "a", "b");
        driver.crash("a");
        driver.crash("a");
        long other = driver.incarnation("b");
        long last = driver.incarnation("a");
        assertThat(driver.crash("a"))
                .containsExactly(
                        new SupervisorAction.RecordRestart("a", new LedgerEntry(driver.now, last, BOOM, true)),
                        new SupervisorAction.GivenUp("a", BOOM, OptionalLong.empty()));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(3);
        assertThat(driver.status("b")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.incarnation("b")).isEqualTo(other);
        assertThat(driver.core.exit()).isEmpty();
        assertThat(driver.pass(Duration.ofDays(1))).isEmpty();
    }

    @Test
    void childrenDoNotShareTheirBudget() {
        CoreDriver driver = CoreDriver.running(twoInTenSeconds(Strategy.ONE_FOR_ONE), "a", "b");
        for (int i = 0; i < 2; i++) {
            driver.crash("a");
            driver.crash("b");
        }
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.status("b")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(2);
    }

    @Test
    void budgetComesBackWithTime() {
        CoreDriver driver = CoreDriver.running(twoInTenSeconds(Strategy.ONE_FOR_ONE), "a");
        for (int i = 0; i < 20; i++) {
            driver.crash("a");
            driver.pass(Duration.ofMillis(5_001));
        }
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void failedStartsUseItUpToo() {
        CoreDriver driver = CoreDriver.running(twoInTenSeconds(Strategy.ONE_FOR_ONE), "a");
        driver.plan("a", StartOutcome.failed("no"), StartOutcome.failed("no"), StartOutcome.failed("no"));
        driver.crash("a");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
        assertThat(driver.incarnation("a")).as("one start, two failed restarts").isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void groupRestartLeavesItAlone(Strategy strategy) {
        CoreDriver driver = givenUp(strategy);
        driver.tell(new SupervisorMessage.StartChild(driver.token(), CoreDriver.permanent("c")));
        long b = driver.incarnation("b");
        driver.crash(strategy == Strategy.ONE_FOR_ALL ? "c" : "b");
        assertThat(driver.incarnation("b")).isGreaterThan(b);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
    }

    @Test
    void resetStartsItWithAFreshBudget() {
        CoreDriver driver = givenUp(Strategy.ONE_FOR_ONE);
        long token = driver.token();
        assertThat(driver.tell(new SupervisorMessage.ResetChild(token, "a")))
                .containsExactly(
                        new SupervisorAction.ClearLedger("a"), new SupervisorAction.Recovered("a"),
                        new SupervisorAction.Start("a", driver.incarnation("a")),
                                new SupervisorAction.Reply(token, CallResult.OK));
        assertThat(driver.child("a").restartsInPeriod()).isZero();
        driver.crash("a");
        driver.crash("a");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void resetOfARunningChildOnlyForgets() {
        CoreDriver driver = CoreDriver.running(twoInTenSeconds(Strategy.ONE_FOR_ONE), "a");
        driver.crash("a");
        long token = driver.token();
        assertThat(driver.tell(new SupervisorMessage.ResetChild(token, "a")))
                .containsExactly(
                        new SupervisorAction.ClearLedger("a"), new SupervisorAction.Reply(token, CallResult.OK));
        assertThat(driver.child("a").restartsInPeriod()).isZero();
        assertThat(driver.call(new SupervisorMessage.ResetChild(driver.token(), "x")))
                .isEqualTo(CallResult.failure(CallResult.Error.NOT_FOUND));
    }

    @Test
    void theOneTooManyOfTheGroupMayPayAlone() {
        CoreDriver driver = CoreDriver.running(escalating(Budget.GROUP, Escalation.CHILD), "a", "b");
        driver.crash("a");
        driver.crash("b");
        assertThat(driver.status("b")).isEqualTo(ChildStatus.GIVEN_UP);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.core.exit()).isEmpty();
    }

    @Test
    void theGroupMayPayForOneChild() {
        CoreDriver driver = CoreDriver.running(escalating(Budget.CHILD, Escalation.GROUP), "a", "b");
        driver.crash("a");
        driver.crash("b");
        assertThat(driver.core.exit()).isEmpty();
        driver.crash("a");
        assertThat(driver.core.exit()).contains(new SupervisorExit.Exceeded("a", ExitReason.crash("boom")));
    }

    private static SupervisorSpec escalating(Budget budget, Escalation escalation) {
        return SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                .withIntensity(new Intensity(1, Duration.ofSeconds(60), budget, escalation, false));
    }

    @Test
    void resetOfAGroupBudgetForgetsTheGroups() {
        CoreDriver driver =
                CoreDriver.running(SupervisorSpec.otp(Strategy.ONE_FOR_ONE, 1, Duration.ofSeconds(10)), "a", "b");
        driver.crash("a");
        driver.call(new SupervisorMessage.ResetChild(driver.token(), "b"));
        driver.crash("b");
        assertThat(driver.core.exit()).isEmpty();
        driver.crash("b");
        assertThat(driver.core.exit()).contains(new SupervisorExit.Exceeded("b", ExitReason.crash("boom")));
    }

    @Test
    void restartChildStartsItOnTheOldBudget() {
        CoreDriver driver = givenUp(Strategy.ONE_FOR_ONE);
        assertThat(driver.call(new SupervisorMessage.RestartChild(driver.token(), "a")))
                .isEqualTo(new CallResult.Running(driver.incarnation("a")));
        driver.crash("a");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
    }

    @Test
    void terminatedItIsStoppedAndDeletedItIsGone() {
        CoreDriver driver = givenUp(Strategy.ONE_FOR_ONE);
        assertThat(driver.call(new SupervisorMessage.StartChild(driver.token(), CoreDriver.permanent("a"))))
                .isEqualTo(CallResult.failure(CallResult.Error.ALREADY_PRESENT));
        assertThat(driver.call(new SupervisorMessage.TerminateChild(driver.token(), "a")))
                .isEqualTo(CallResult.OK);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.STOPPED);
        assertThat(driver.call(new SupervisorMessage.DeleteChild(driver.token(), "a")))
                .isEqualTo(CallResult.OK);
        assertThat(driver.core.child("a", driver.now)).isEmpty();
    }

    @Test
    void dynamicChildGivenUpCanBeRestarted() {
        CoreDriver driver = givenUp(Strategy.DYNAMIC);
        assertThat(driver.call(new SupervisorMessage.RestartChild(driver.token(), "b")))
                .isEqualTo(CallResult.failure(CallResult.Error.NOT_SUPPORTED));
        assertThat(driver.call(new SupervisorMessage.RestartChild(driver.token(), "a")))
                .isInstanceOf(CallResult.Running.class);
    }
}
