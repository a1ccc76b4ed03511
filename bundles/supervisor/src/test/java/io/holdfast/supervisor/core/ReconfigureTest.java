// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rules changed live apply to the next decision. */
class ReconfigureTest {
    private static final SupervisorSpec SPEC = SupervisorSpec.of(Strategy.ONE_FOR_ONE);

    private final CoreDriver driver = CoreDriver.running(limit(2), "a", "b");

    private static SupervisorSpec limit(int restarts) {
        return SPEC.withIntensity(new Intensity(restarts, Duration.ofSeconds(60), Budget.CHILD, false));
    }

    @Test
    void touchesNothing() {
        driver.crash("a");
        driver.crash("a");
        assertThat(driver.tell(new SupervisorMessage.Reconfigure(limit(0)))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.status("b")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void lowerLimitHoldsFromTheNextFailure() {
        driver.crash("a");
        driver.tell(new SupervisorMessage.Reconfigure(limit(1)));
        driver.crash("a");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
        driver.crash("b");
        assertThat(driver.status("b")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void higherLimitCountsWhatWas() {
        driver.crash("a");
        driver.crash("a");
        driver.tell(new SupervisorMessage.Reconfigure(limit(3)));
        driver.crash("a");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        driver.crash("a");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
    }

    @Test
    void higherLimitRevivesNobody() {
        for (int i = 0; i < 3; i++) {
            driver.crash("a");
        }
        assertThat(driver.tell(new SupervisorMessage.Reconfigure(limit(100)))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
    }

    @Test
    void budgetOfTheGroupCountsWhatTheChildrenUsed() {
        driver.crash("a");
        driver.crash("b");
        driver.tell(new SupervisorMessage.Reconfigure(
                SPEC.withIntensity(new Intensity(2, Duration.ofSeconds(60), Budget.GROUP, false))));
        driver.crash("a");
        assertThat(driver.core.exit()).contains(new SupervisorExit.Exceeded("a", ExitReason.crash("boom")));
    }

    @Test
    void budgetOfTheChildCountsWhatItUsedInTheGroup() {
        CoreDriver group =
                CoreDriver.running(SupervisorSpec.otp(Strategy.ONE_FOR_ONE, 3, Duration.ofSeconds(60)), "a", "b");
        group.crash("a");
        group.crash("b");
        group.tell(new SupervisorMessage.Reconfigure(limit(1)));
        group.crash("a");
        assertThat(group.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
        assertThat(group.status("b")).isEqualTo(ChildStatus.RUNNING);
    }

    @Test
    void waitThatHasBegunKeepsItsLength() {
        driver.tell(new SupervisorMessage.Reconfigure(limit(2).withRestartDelay(Duration.ofSeconds(5))));
        driver.crash("a");
        driver.tell(new SupervisorMessage.Reconfigure(limit(2)));
        assertThat(driver.pass(Duration.ofSeconds(5).minusNanos(1))).isEmpty();
        assertThat(driver.pass(Duration.ofNanos(1))).hasSize(1);
    }

    @Test
    void strategyMayChange() {
        driver.tell(new SupervisorMessage.Reconfigure(SupervisorSpec.of(Strategy.ONE_FOR_ALL)));
        long b = driver.incarnation("b");
        driver.crash("a");
        assertThat(driver.incarnation("b")).isGreaterThan(b);
    }
}
