// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A supervisor that comes later than its children goes on as if it had been there. Two restarts in 60 s are allowed. */
class AdoptTest {
    private static final ExitReason BOOM = ExitReason.crash("boom");
    private static final int FULL = 2;
    private static final int PARTLY = 1;
    private static final SupervisorSpec CHILD_BUDGET = SupervisorSpec.of(Strategy.ONE_FOR_ONE)
            .withIntensity(new Intensity(2, Duration.ofSeconds(60), Budget.CHILD, false));
    private static final SupervisorSpec GROUP_BUDGET =
            SupervisorSpec.otp(Strategy.ONE_FOR_ONE, 2, Duration.ofSeconds(60));

    private CoreDriver driver = new CoreDriver(CHILD_BUDGET);

    /** The latest one second ago, the one before a second earlier. */
    private List<LedgerEntry> ledger(int restarts) {
        List<LedgerEntry> entries = new ArrayList<>();
        for (int i = restarts; i > 0; i--) {
            entries.add(new LedgerEntry(driver.now - Duration.ofSeconds(i).toNanos(), 10 - i, BOOM, true));
        }
        return entries;
    }

    private ChildSnapshot found(String id, ChildSnapshot.Found found, int restarts) {
        return new ChildSnapshot(CoreDriver.permanent(id), 10, found, ledger(restarts));
    }

    private List<SupervisorAction> adopt(ChildSnapshot... snapshots) {
        return driver.tell(new SupervisorMessage.Adopt(Arrays.asList(snapshots), List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, PARTLY, FULL})
    void runningIsLeftAlone(int used) {
        assertThat(adopt(found("a", new ChildSnapshot.Running(), used))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.incarnation("a")).isEqualTo(10);
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(used);
        for (int i = used; i < FULL; i++) {
            driver.crash("a");
            assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
            assertThat(driver.incarnation("a")).as("above all used before").isGreaterThan(10);
        }
        driver.crash("a");
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
    }

    @Test
    void unseenExitIsDecidedWithAPartlyUsedPeriod() {
        long at = driver.now - 1;
        assertThat(adopt(found("a", new ChildSnapshot.Exited(BOOM, at), PARTLY)))
                .containsExactly(
                        new SupervisorAction.RecordRestart("a", new LedgerEntry(at, 10, BOOM, true)),
                        new SupervisorAction.Start("a", 11));
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(2);
    }

    @Test
    void unseenExitIsDecidedWithAFullyUsedPeriod() {
        long at = driver.now - 1;
        assertThat(adopt(found("a", new ChildSnapshot.Exited(BOOM, at), FULL)))
                .containsExactly(
                        new SupervisorAction.RecordRestart("a", new LedgerEntry(at, 10, BOOM, true)),
                        new SupervisorAction.GivenUp("a", BOOM, OptionalLong.empty()));
    }

    @Test
    void unseenExitCountsWhenItHappened() {
        long at = driver.now - Duration.ofHours(1).toNanos();
        List<LedgerEntry> before =
                List.of(new LedgerEntry(at - 2, 8, BOOM, true), new LedgerEntry(at - 1, 9, BOOM, true));
        driver.tell(new SupervisorMessage.Adopt(
                List.of(new ChildSnapshot(CoreDriver.permanent("a"), 10, new ChildSnapshot.Exited(BOOM, at), before)),
                List.of()));
        assertThat(driver.status("a")).as("would have been given up then").isEqualTo(ChildStatus.GIVEN_UP);
    }

    @Test
    void unseenExitSignalledOnceMoreIsStale() {
        adopt(found("a", new ChildSnapshot.Exited(BOOM, driver.now), 0));
        assertThat(driver.tell(new SupervisorMessage.Exit("a", 10, BOOM))).isEmpty();
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(1);
    }

    @Test
    void unseenCleanExitOfATransientChildStopsIt() {
        ChildSpec spec = ChildSpec.worker("a", RestartType.TRANSIENT);
        assertThat(adopt(new ChildSnapshot(
                        spec, 10, new ChildSnapshot.Exited(ExitReason.NORMAL, driver.now), List.of())))
                .isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.STOPPED);
    }

    @ParameterizedTest
    @ValueSource(ints = {PARTLY, FULL})
    void restartThatWasDecidedIsMadeInTimeAndNotCountedAgain(int used) {
        long due = driver.now + Duration.ofSeconds(3).toNanos();
        assertThat(adopt(found("a", new ChildSnapshot.Restarting(due), used))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RESTARTING);
        assertThat(driver.child("a").untilNanos()).hasValue(due);
        assertThat(driver.pass(Duration.ofSeconds(3).minusNanos(1))).isEmpty();
        assertThat(driver.pass(Duration.ofNanos(1))).containsExactly(new SupervisorAction.Start("a", 11));
        assertThat(driver.child("a").restartsInPeriod()).isEqualTo(used);
    }

    @Test
    void restartThatIsOverdueIsMadeAtOnce() {
        adopt(found("a", new ChildSnapshot.Restarting(driver.now - 5), FULL));
        assertThat(driver.core.nextWakeNanos()).hasValue(driver.now - 5);
        assertThat(driver.pass(Duration.ZERO)).containsExactly(new SupervisorAction.Start("a", 11));
    }

    @Test
    void restartThatWasDecidedCanBeCancelled() {
        adopt(found("a", new ChildSnapshot.Restarting(driver.now + 1), PARTLY));
        driver.call(new SupervisorMessage.TerminateChild(driver.token(), "a"));
        assertThat(driver.pass(Duration.ofHours(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {PARTLY, FULL})
    void givenUpStaysGivenUp(int used) {
        assertThat(adopt(found("a", new ChildSnapshot.GivenUp(BOOM, driver.now), used)))
                .isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.GIVEN_UP);
        assertThat(driver.pass(Duration.ofDays(1))).isEmpty();
        driver.call(new SupervisorMessage.ResetChild(driver.token(), "a"));
        assertThat(driver.incarnation("a")).isEqualTo(11);
        assertThat(driver.child("a").restartsInPeriod()).isZero();
    }

    @Test
    void givenUpGoesOnCoolingDown() {
        driver = new CoreDriver(CHILD_BUDGET.withCoolDown(Duration.ofSeconds(10), Duration.ofSeconds(1)));
        adopt(found(
                "a",
                new ChildSnapshot.GivenUp(
                        BOOM, driver.now - Duration.ofSeconds(4).toNanos()),
                FULL));
        assertThat(driver.pass(Duration.ofSeconds(6).minusNanos(1))).isEmpty();
        assertThat(driver.pass(Duration.ofNanos(1))).containsExactly(new SupervisorAction.Start("a", 11));
        assertThat(driver.child("a").onTrial()).isTrue();
    }

    @Test
    void refusedIsNotTriedAfterAdoptionEither() {
        driver = new CoreDriver(CHILD_BUDGET.withCoolDown(Duration.ofSeconds(10), Duration.ofSeconds(1)));
        adopt(found("a", new ChildSnapshot.GivenUp(ExitReason.refused("401"), driver.now), 0));
        assertThat(driver.pass(Duration.ofDays(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {PARTLY, FULL})
    void stoppedByTheOperatorStaysStopped(int used) {
        assertThat(adopt(found("a", new ChildSnapshot.Stopped(), used))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.STOPPED);
        assertThat(driver.pass(Duration.ofDays(1))).isEmpty();
        assertThat(driver.call(new SupervisorMessage.RestartChild(driver.token(), "a")))
                .isEqualTo(new CallResult.Running(11));
    }

    @Test
    void stoppedDynamicChildStaysToo() {
        driver = new CoreDriver(SupervisorSpec.of(Strategy.DYNAMIC));
        adopt(found("a", new ChildSnapshot.Stopped(), 0));
        assertThat(driver.call(new SupervisorMessage.RestartChild(driver.token(), "a")))
                .isEqualTo(new CallResult.Running(11));
    }

    @Test
    void uncountedEntriesDoNotCount() {
        LedgerEntry uncounted = new LedgerEntry(driver.now, 9, ExitReason.OPERATOR, false);
        driver.tell(new SupervisorMessage.Adopt(
                List.of(new ChildSnapshot(
                        CoreDriver.permanent("a"), 10, new ChildSnapshot.Running(), List.of(uncounted))),
                List.of(uncounted)));
        assertThat(driver.child("a").restartsInPeriod()).isZero();
        assertThat(driver.core.restartsInPeriod(driver.now)).isZero();
    }

    @Test
    void aChildThatLeftAndCameBackIsNotCountedTwiceInTheGroup() {
        driver = new CoreDriver(GROUP_BUDGET);
        ChildSnapshot again = found("a", new ChildSnapshot.Running(), PARTLY);
        adopt(again);
        int before = driver.core.restartsInPeriod(driver.now);
        driver.tell(new SupervisorMessage.Detach("a"));
        adopt(again);
        assertThat(driver.core.restartsInPeriod(driver.now)).isEqualTo(before);
    }

    /** A supervisor that is started anew among children of which some need no start. */
    @Test
    void initAfterAdoptionStartsOnlyItsOwn() {
        driver.tell(new SupervisorMessage.Adopt(List.of(found("a", new ChildSnapshot.Running(), 0)), List.of()));
        assertThat(driver.tell(new SupervisorMessage.Init(List.of(CoreDriver.permanent("b")))))
                .containsExactly(
                        new SupervisorAction.Start("b", driver.incarnation("b")), new SupervisorAction.Initialised());
        assertThat(driver.incarnation("b")).isGreaterThan(10);
    }

    @Test
    void groupCountsTheUnionAndThoseThatLeft() {
        driver = new CoreDriver(GROUP_BUDGET);
        LedgerEntry departed = new LedgerEntry(driver.now - 5, 3, BOOM, true);
        driver.tell(new SupervisorMessage.Adopt(
                List.of(
                        found("a", new ChildSnapshot.Running(), PARTLY),
                        new ChildSnapshot(CoreDriver.permanent("b"), 4, new ChildSnapshot.Running(), List.of())),
                List.of(departed)));
        assertThat(driver.core.restartsInPeriod(driver.now)).isEqualTo(2);
        driver.crash("b");
        assertThat(driver.core.exit()).contains(new SupervisorExit.Exceeded("b", BOOM));
    }

    @Test
    void entriesOutsideThePeriodDoNoHarm() {
        driver = new CoreDriver(GROUP_BUDGET);
        long old = driver.now - Duration.ofSeconds(61).toNanos();
        LedgerEntry entry = new LedgerEntry(old, 3, BOOM, true);
        driver.tell(new SupervisorMessage.Adopt(
                List.of(new ChildSnapshot(
                        CoreDriver.permanent("a"), 10, new ChildSnapshot.Running(), List.of(entry, entry))),
                List.of(entry)));
        driver.crash("a");
        driver.crash("a");
        assertThat(driver.core.exit()).isEmpty();
    }

    @Test
    void unseenExitsAreDecidedInTheOrderTheyHappened() {
        driver = new CoreDriver(GROUP_BUDGET);
        List<SupervisorAction> actions = adopt(
                found("a", new ChildSnapshot.Exited(BOOM, driver.now - 1), 0),
                found("b", new ChildSnapshot.Exited(BOOM, driver.now - 2), 0),
                found("c", new ChildSnapshot.Exited(BOOM, driver.now - 3), 0));
        assertThat(actions)
                .filteredOn(SupervisorAction.RecordRestart.class::isInstance)
                .extracting(action -> ((SupervisorAction.RecordRestart) action).childId())
                .containsExactly("c", "b", "a");
        assertThat(driver.core.exit()).as("the third was one too many").isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"ONE_FOR_ALL", "REST_FOR_ONE"})
    void unseenExitRestartsItsGroup(Strategy strategy) {
        driver = new CoreDriver(SupervisorSpec.of(strategy));
        assertThat(adopt(
                        found("a", new ChildSnapshot.Exited(BOOM, driver.now), 0),
                        found("b", new ChildSnapshot.Running(), 0),
                        found("c", new ChildSnapshot.Stopped(), 0)))
                .containsSubsequence(
                        new SupervisorAction.Stop("b", 10, ExitReason.SHUTDOWN, ShutdownLimit.DEFAULT),
                        new SupervisorAction.Start("a", 11),
                        new SupervisorAction.Start("b", 12),
                        new SupervisorAction.Start("c", 13));
    }

    @Test
    void childrenAdoptedOneByOneAreInThatOrder() {
        adopt(found("b", new ChildSnapshot.Running(), 0));
        adopt(found("a", new ChildSnapshot.Running(), 0));
        assertThat(driver.core.children(driver.now)).extracting(ChildView::id).containsExactly("b", "a");
    }

    @Test
    void adoptedAgainTheSnapshotHolds() {
        adopt(found("a", new ChildSnapshot.Running(), FULL));
        adopt(new ChildSnapshot(CoreDriver.permanent("a"), 12, new ChildSnapshot.Running(), List.of()));
        assertThat(driver.incarnation("a")).isEqualTo(12);
        assertThat(driver.child("a").restartsInPeriod()).isZero();
    }

    @Test
    void snapshotOfAnEarlierIncarnationIsStale() {
        adopt(found("a", new ChildSnapshot.Exited(BOOM, driver.now), 0));
        assertThat(adopt(found("a", new ChildSnapshot.Stopped(), 0))).isEmpty();
        assertThat(driver.status("a")).isEqualTo(ChildStatus.RUNNING);
        assertThat(driver.incarnation("a")).isEqualTo(11);
    }
}
