// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exits that are not restarted whatever the type, and exits that are not counted. */
class CausesTest {
    private static final ExitReason REFUSED = ExitReason.refused("401");
    private static final SupervisorSpec DEFAULTS = SupervisorSpec.of(Strategy.ONE_FOR_ONE);

    private static CoreDriver one(SupervisorSpec spec, RestartType type) {
        CoreDriver driver = new CoreDriver(spec);
        driver.tell(new SupervisorMessage.Init(List.of(ChildSpec.worker("a", type))));
        return driver;
    }

    @ParameterizedTest
    @EnumSource(
            value = RestartType.class,
            names = {"PERMANENT", "TRANSIENT"})
    void refusedIsGivenUpWithoutTrial(RestartType type) {
        CoreDriver driver = one(DEFAULTS.withCoolDown(Duration.ofSeconds(1), Duration.ofSeconds(1)), type);
        assertThat(driver.exit("a", REFUSED))
                .containsExactly(new SupervisorAction.GivenUp("a", REFUSED, OptionalLong.empty()));
        assertThat(driver.pass(Duration.ofDays(1))).isEmpty();
        driver.call(new SupervisorMessage.ResetChild(driver.token(), "a"));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void aBanIsWaitedForAndNotCounted() {
        CoreDriver driver = one(DEFAULTS, RestartType.TRANSIENT);
        driver.exit(
                "a",
                new ExitReason(
                        ExitReason.Kind.BANNED, "429", Duration.ofSeconds(30).toNanos()));
        assertThat(driver.pass(Duration.ofSeconds(30).minusNanos(1))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RESTARTING);
        assertThat(driver.pass(Duration.ofNanos(1))).hasSize(1).first().isInstanceOf(SupervisorAction.Start.class);
        assertThat(driver.child("a").restartsInPeriod()).isZero();
    }

    @Test
    void aBanWithoutKnownEndCountsAsRestartsWouldNotEnd() {
        CoreDriver driver = one(DEFAULTS, RestartType.TRANSIENT);
        driver.exit("a", new ExitReason(ExitReason.Kind.BANNED, "429"));
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(1);
    }

    @Test
    void refusedTemporaryIsGone() {
        CoreDriver driver = one(DEFAULTS, RestartType.TEMPORARY);
        assertThat(driver.exit("a", REFUSED)).containsExactly(new SupervisorAction.Removed("a"));
    }

    @Test
    void refusedIsAnyCleanExitIfSoWished() {
        CoreDriver permanent = one(DEFAULTS.withRestartRefused(true), RestartType.PERMANENT);
        permanent.exit("a", REFUSED);
        assertThat(permanent.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(permanent.child("a").restartsInPeriod()).isEqualTo(1);
        CoreDriver transientOne = one(DEFAULTS.withRestartRefused(true), RestartType.TRANSIENT);
        assertThat(transientOne.exit("a", REFUSED)).isEmpty();
        assertThat(transientOne.status("a")).isEqualTo(ChildStatus.STOPPED);
    }

    @Test
    void refusedSignificantChildEndsTheSupervisor() {
        CoreDriver driver = new CoreDriver(DEFAULTS.withAutoShutdown(AutoShutdown.ANY_SIGNIFICANT));
        driver.tell(new SupervisorMessage.Init(List.of(
                new ChildSpec("a", RestartType.TRANSIENT, true, ShutdownLimit.DEFAULT, ChildSpec.Type.WORKER))));
        driver.exit("a", REFUSED);
        assertThat(driver.core.exit()).contains(new SupervisorExit.Ended(ExitReason.SHUTDOWN));
    }

    @ParameterizedTest
    @EnumSource(
            value = RestartType.class,
            names = {"PERMANENT", "TRANSIENT"})
    void operatorsExitIsRestartedAndNotCounted(RestartType type) {
        CoreDriver driver =
                one(DEFAULTS.withIntensity(new Intensity(0, Duration.ofSeconds(60), Budget.CHILD, false)), type);
        for (int i = 0; i < 5; i++) {
            long ended = driver.incarnation("a");
            assertThat(driver.exit("a", ExitReason.OPERATOR))
                    .containsExactly(
                            new SupervisorAction.RecordRestart(
                                    "a", new LedgerEntry(driver.now, ended, ExitReason.OPERATOR, false)),
                            new SupervisorAction.Start("a", driver.incarnation("a")));
        }
        assertThat(driver.child("a").restartsInPeriod()).isZero();
        driver.crash("a");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
    }

    @Test
    void whatIsCountedIsAnOption() {
        SupervisorSpec spec = SupervisorSpec.otp(Strategy.ONE_FOR_ONE, 0, Duration.ofSeconds(60));
        CoreDriver counting = one(spec, RestartType.PERMANENT);
        counting.exit("a", ExitReason.OPERATOR);
        assertThat(counting.core.exit()).isPresent();
        CoreDriver lenient = one(spec.withUncounted(Set.of(ExitReason.Kind.KILLED)), RestartType.PERMANENT);
        lenient.exit("a", ExitReason.KILLED);
        assertThat(lenient.status("a")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void failedRestartAfterAnUncountedExitIsCounted() {
        CoreDriver driver = one(DEFAULTS, RestartType.PERMANENT);
        driver.plan("a", StartOutcome.failed("no"));
        driver.exit("a", ExitReason.OPERATOR);
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(1);
    }
}
