// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Time between the decision to restart, which is counted, and the restart. */
class RestartDelayTest {
    private static final Duration DELAY = Duration.ofSeconds(2);
    private static final ExitReason BOOM = ExitReason.crash("boom");

    private static CoreDriver running(Strategy strategy) {
        return CoreDriver.running(
                SupervisorSpec.of(strategy)
                        .withRestartDelay(DELAY)
                        .withIntensity(new Intensity(2, Duration.ofSeconds(60), Budget.CHILD, false)),
                "a",
                "b");
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void countsFirstAndStartsLater(Strategy strategy) {
        CoreDriver driver = running(strategy);
        long ended = driver.incarnation("a");
        long due = driver.now + DELAY.toNanos();
        assertThat(driver.crash("a"))
                .containsExactly(
                        new SupervisorAction.RecordRestart("a", new LedgerEntry(driver.now, ended, BOOM, true)),
                        new SupervisorAction.Delayed("a", due));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RESTARTING);
        assertThat(driver.child("a").untilNanos()).hasValue(due);
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(1);
        assertThat(driver.status("b"))
                .as("waits with its restart for the delay")
                .isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.pass(DELAY.minusNanos(1))).isEmpty();
        assertThat(driver.pass(Duration.ofNanos(1))).contains(new SupervisorAction.Start("a", driver.incarnation("a")));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.child("a").restartsInPeriod()).as("not counted twice").isEqualTo(1);
    }

    @Test
    void terminateCancelsIt() {
        CoreDriver driver = running(Strategy.ONE_FOR_ONE);
        driver.crash("a");
        assertThat(driver.call(new SupervisorMessage.TerminateChild(driver.token(), "a")))
                .isEqualTo(CallResult.OK);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.STOPPED);
        assertThat(driver.pass(DELAY.multipliedBy(2))).isEmpty();
    }

    @Test
    void meanwhileItIsRestarting() {
        CoreDriver driver = running(Strategy.ONE_FOR_ONE);
        driver.crash("a");
        assertThat(driver.call(new SupervisorMessage.RestartChild(driver.token(), "a")))
                .isEqualTo(CallResult.failure(CallResult.Error.RESTARTING));
        assertThat(driver.call(new SupervisorMessage.DeleteChild(driver.token(), "a")))
                .isEqualTo(CallResult.failure(CallResult.Error.RESTARTING));
        assertThat(driver.call(new SupervisorMessage.StartChild(driver.token(), CoreDriver.permanent("a"))))
                .isEqualTo(CallResult.failure(CallResult.Error.ALREADY_PRESENT));
    }

    @Test
    void earlierGroupRestartOverridesIt() {
        CoreDriver driver = running(Strategy.ONE_FOR_ALL);
        driver.crash("b");
        driver.pass(DELAY.minusSeconds(1));
        driver.crash("a");
        long before = driver.incarnation("a");
        driver.pass(Duration.ofSeconds(1));
        assertThat(driver.status("a")).as("b's restart took it along").isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.incarnation("a")).isGreaterThan(before);
        assertThat(driver.pass(DELAY)).as("its own is overridden").isEmpty();
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(1);
        assertThat(driver.child("b").restartsInPeriod()).isEqualTo(1);
    }

    @Test
    void delayThatEndsDuringAGroupRestartIsOverriddenToo() {
        CoreDriver driver = running(Strategy.ONE_FOR_ALL);
        driver.crash("b");
        driver.crash("a");
        driver.answering = false;
        assertThat(driver.pass(DELAY)).as("both are due, the first takes both").hasSize(1);
        driver.answering = true;
        driver.tell(new SupervisorMessage.StartResult("a", driver.incarnation("a"), StartOutcome.STARTED));
        long b = driver.incarnation("b");
        assertThat(driver.status("b")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.pass(DELAY)).isEmpty();
        assertThat(driver.incarnation("b")).isEqualTo(b);
    }

    @Test
    void retriesAreDelayedAndCounted() {
        CoreDriver driver = running(Strategy.ONE_FOR_ONE);
        driver.plan("a", StartOutcome.failed("no"), StartOutcome.failed("no"));
        driver.crash("a");
        assertThat(driver.pass(DELAY)).hasAtLeastOneElementOfType(SupervisorAction.Delayed.class);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RESTARTING);
        driver.tell(new SupervisorMessage.Retry("a"));
        assertThat(driver.child("a").restartsInPeriod())
                .as("a stray retry counts nothing")
                .isEqualTo(2);
        driver.pass(DELAY);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
    }

    @Test
    void shutdownOverridesIt() {
        CoreDriver driver = running(Strategy.ONE_FOR_ONE);
        driver.crash("a");
        long b = driver.incarnation("b");
        assertThat(driver.tell(new SupervisorMessage.Shutdown(ExitReason.NORMAL)))
                .containsExactly(
                        new SupervisorAction.Stop("b", b, ExitReason.SHUTDOWN, ShutdownLimit.DEFAULT),
                        new SupervisorAction.Exited(new SupervisorExit.Ended(ExitReason.NORMAL)));
        assertThat(driver.core.nextWakeNanos()).isEmpty();
    }
}
