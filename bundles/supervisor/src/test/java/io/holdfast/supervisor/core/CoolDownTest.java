// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A child given up is tried once more after the cool-down, and must prove itself. */
class CoolDownTest {
    private static final Duration COOL_DOWN = Duration.ofMinutes(5);
    private static final Duration STABLE = Duration.ofSeconds(30);
    private static final ExitReason BOOM = ExitReason.crash("boom");

    private final CoreDriver driver = CoreDriver.running(
            SupervisorSpec.of(Strategy.ONE_FOR_ALL)
                    .withIntensity(new Intensity(0, Duration.ofHours(1), Budget.CHILD, false))
                    .withCoolDown(COOL_DOWN, STABLE),
            "a",
            "b");

    @BeforeEach
    void giveUp() {
        assertThat(driver.crash("a"))
                .contains(new SupervisorAction.GivenUp("a", BOOM, OptionalLong.of(driver.now + COOL_DOWN.toNanos())));
    }

    @Test
    void trialStartsAloneWhenTheCoolDownIsOver() {
        assertThat(driver.pass(COOL_DOWN.minusNanos(1))).isEmpty();
        assertThat(driver.pass(Duration.ofNanos(1)))
                .containsExactly(new SupervisorAction.Start("a", driver.incarnation("a")));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.child("a").onTrial()).isTrue();
        assertThat(driver.child("a").untilNanos()).hasValue(driver.now + STABLE.toNanos());
    }

    @Test
    void stableTrialMakesItNormal() {
        driver.pass(COOL_DOWN);
        assertThat(driver.pass(STABLE))
                .containsExactly(new SupervisorAction.ClearLedger("a"), new SupervisorAction.Recovered("a"));
        assertThat(driver.child("a").onTrial()).isFalse();
        assertThat(driver.child("a").restartsInPeriod()).isZero();
        assertThat(driver.pass(Duration.ofDays(1))).isEmpty();
    }

    @Test
    void failedTrialGivesItUpAgainWithoutARestart() {
        driver.pass(COOL_DOWN);
        driver.pass(STABLE.minusNanos(1));
        assertThat(driver.crash("a"))
                .containsExactly(
                        new SupervisorAction.GivenUp("a", BOOM, OptionalLong.of(driver.now + COOL_DOWN.toNanos())));
        assertThat(driver.pass(COOL_DOWN)).as("next trial").hasSize(1);
    }

    @Test
    void trialThatDoesNotStartGivesItUpAgain() {
        driver.plan("a", StartOutcome.failed("no"));
        assertThat(driver.pass(COOL_DOWN))
                .containsExactly(
                        new SupervisorAction.Start("a", driver.incarnation("a")),
                        new SupervisorAction.GivenUp(
                                "a",
                                ExitReason.crash("start failed: no"),
                                OptionalLong.of(driver.now + COOL_DOWN.toNanos())));
    }

    @Test
    void uncountedExitDoesNotEndTheTrial() {
        driver.pass(COOL_DOWN);
        driver.pass(STABLE.minusSeconds(1));
        driver.exit("a", ExitReason.OPERATOR);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.child("a").untilNanos()).as("begun anew").hasValue(driver.now + STABLE.toNanos());
    }

    @Test
    void groupRestartKeepsItOnTrial() {
        driver.tell(new SupervisorMessage.Reconfigure(
                driver.core.spec().withIntensity(new Intensity(1, Duration.ofHours(1), Budget.CHILD, false))));
        driver.pass(COOL_DOWN);
        long trial = driver.incarnation("a");
        driver.crash("b");
        assertThat(driver.incarnation("a")).isGreaterThan(trial);
        assertThat(driver.child("a").onTrial()).isTrue();
    }

    @Test
    void groupRestartInWhichTheTrialFailsGoesOn() {
        driver.tell(new SupervisorMessage.Reconfigure(
                driver.core.spec().withIntensity(new Intensity(1, Duration.ofHours(1), Budget.CHILD, false))));
        driver.pass(COOL_DOWN);
        driver.plan("a", StartOutcome.failed("no"));
        driver.crash("b");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
        assertThat(driver.status("b")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void resetAndTerminateEndTheWait() {
        driver.call(new SupervisorMessage.ResetChild(driver.token(), "a"));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.pass(COOL_DOWN.multipliedBy(2))).isEmpty();
        driver.crash("a");
        driver.call(new SupervisorMessage.TerminateChild(driver.token(), "a"));
        assertThat(driver.pass(COOL_DOWN.multipliedBy(2))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.STOPPED);
    }

    @Test
    void resetEndsTheTrialAsASuccess() {
        driver.pass(COOL_DOWN);
        driver.call(new SupervisorMessage.ResetChild(driver.token(), "a"));
        assertThat(driver.child("a").onTrial()).isFalse();
        assertThat(driver.pass(Duration.ofDays(1))).isEmpty();
    }

    @Test
    void restartChildThatFailsLetsItCoolDownAnew() {
        driver.pass(COOL_DOWN.minusSeconds(1));
        driver.plan("a", StartOutcome.failed("no"));
        assertThat(driver.call(new SupervisorMessage.RestartChild(driver.token(), "a")))
                .isEqualTo(new CallResult.Failure(CallResult.Error.START_FAILED, "no"));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
        assertThat(driver.child("a").untilNanos()).hasValue(driver.now + COOL_DOWN.toNanos());
    }
}
